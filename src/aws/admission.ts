import { LambdaProxyError } from '../errors/lambda-proxy-error';

/** How many requests may be under way at once. */
export interface AdmissionLimits {
  /** Open connections; as many requests have one. */
  readonly maxConnections: number;
  /** Requests that may wait for a connection. */
  readonly maxPending: number;
}

/** Counts the requests that are under way, and turns away at once what would only wait in an endless queue. */
export class Admission {
  #underWay = 0;

  constructor(private readonly limits: AdmissionLimits) {}

  /**
   * Counts a request in.
   *
   * @returns counts it out again; to be called when its connection is free, however it went
   * @throws LambdaProxyError `OVERLOADED`
   */
  admit(): () => void {
    const { maxConnections, maxPending } = this.limits;
    if (this.#underWay >= maxConnections + maxPending) {
      const why = `${maxConnections} calls are under way and ${maxPending} wait; see maxConnections and maxPending`;
      throw new LambdaProxyError('OVERLOADED', why);
    }
    this.#underWay += 1;
    return () => void (this.#underWay -= 1);
  }
}
