import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { EndSignal } from '../http/end-signal';
import type { Exchange } from '../http/exchange';

/** How many requests may be under way at once. */
export interface AdmissionLimits {
  /** Open connections; as many requests have one. */
  readonly maxConnections: number;
  /** Requests that may wait for a connection. */
  readonly maxPending: number;
}

/** What waits, and can give it up. */
type Waiting = Pick<Exchange, 'signal' | 'phase'>;

/**
 * Lets as many requests go as there are connections, has some wait for their turn, and turns away at once what would only
 * wait in an endless queue. They wait here and not with undici, which keeps what was given up until its turn comes, the
 * body included (measured: 229 MB of clients who had left).
 */
export class Admission {
  #underWay = 0;
  /** What to call when their turn comes, in order of arrival. */
  readonly #waiting = new Set<() => void>();

  constructor(private readonly limits: AdmissionLimits) {}

  /**
   * Lets a request in; each one that is in has to `leave`.
   *
   * @returns undefined, or where it has to wait a promise, which rejects with the signal's reason
   * @throws LambdaProxyError `OVERLOADED`
   */
  enter(progress: Waiting): Promise<void> | undefined {
    const { maxConnections, maxPending } = this.limits;
    if (this.#underWay < maxConnections) {
      this.#underWay += 1;
      return undefined;
    }
    if (this.#waiting.size >= maxPending) {
      const why = `${maxConnections} calls are under way and ${maxPending} wait; see maxConnections and maxPending`;
      throw new LambdaProxyError('OVERLOADED', why);
    }
    progress.phase = 'connect';
    return this.#turn(progress.signal);
  }

  /** To be called once when the connection is free, however it went: whoever waits longest gets it. */
  leave(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#underWay -= 1;
  }

  #turn(signal: EndSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(proceed);
        signal.removeEventListener('abort', giveUp);
      };
      const proceed = (): void => {
        settle();
        resolve();
      };
      const giveUp = (): void => {
        const reason = signal.reason as Error;
        settle();
        reject(reason);
      };
      this.#waiting.add(proceed);
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
    });
  }
}
