import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { EndSignal } from './end-signal';
import { EndController } from './end-signal';
import { properties } from './properties';
import { move } from './under-way';

/** What each stage takes before any is reached. All keys at once, which V8 takes less time for than to add them one by one. */
const NO_DURATIONS = {
  request: undefined,
  event: undefined,
  credentials: undefined,
  connect: undefined,
  invoke: undefined,
  body: undefined,
  result: undefined,
  answer: undefined,
  stream: undefined,
} as const;

/** The stages of a request, in order, as the log names them. */
export type Phase = keyof typeof NO_DURATIONS;

/** Milliseconds that each stage took; undefined where it was not reached. */
export type Durations = Readonly<Record<Phase, number | undefined>>;

/** How a request ended. */
export interface Outcome {
  /** Status of the answer; 499 when the client left before there was one. */
  readonly status: number;
  /** What failed, if anything did. */
  readonly error: LambdaProxyError | undefined;
}

interface ConnectionState {
  readonly destroyed: boolean;
  readonly errored: NodeJS.ErrnoException | null;
}

/** What stands for a connection in HTTP/2 throws at any question when its session is gone. */
function stateOf(connection: Socket): ConnectionState {
  try {
    const { destroyed, errored } = connection;
    return { destroyed, errored };
  } catch {
    return { destroyed: true, errored: null };
  }
}

/**
 * One request on its way: when it began, how far it got, how long each stage took, and the signal that ends it early. The
 * signal's reason is the error that ended it, because what the SDK throws on an abort does not say why.
 */
export class Exchange {
  /** How often the function was tried. */
  attempts = 0;
  /** Bytes that went to the function: the event, or a forwarded body. */
  bytesSent = 0;
  /** Bytes that came from it: its result, or a streamed body. */
  bytesReceived = 0;
  outcome: Outcome | undefined;
  readonly receivedAt: Date;
  #phase: Phase = 'request';
  #isOver = false;
  #phaseStarted: number;
  readonly #durations: Record<Phase, number | undefined> = { ...NO_DURATIONS };
  readonly #controller = new EndController();
  readonly #timer: NodeJS.Timeout;
  readonly #connection: Socket;
  /** What says that the client left. */
  readonly #watched: EventEmitter;

  constructor(
    private readonly res: ServerResponse,
    /** Milliseconds until the answer's head must be there. */
    timeout: number,
    /** When the request arrived, by the clock of `performance.now()`. */
    private readonly arrival = performance.now(),
  ) {
    const left = timeout - this.elapsed;
    this.receivedAt = new Date(Date.now() - this.elapsed);
    this.#phaseStarted = arrival;
    move(undefined, this.#phase);
    const expire = (): void => {
      this.#controller.abort(new LambdaProxyError('TIMEOUT', `no answer within ${timeout} ms`));
    };
    this.#timer = setTimeout(expire, Math.max(0, left));
    // Earlier policies took all of it: nothing more is begun.
    if (left <= 0) expire();
    const [connection, httpVersionMajor] = properties(res.req, 'socket', 'httpVersionMajor');
    this.#connection = connection;
    this.#watched = httpVersionMajor > 1 ? res : connection;
    this.#watch();
  }

  get signal(): EndSignal {
    return this.#controller;
  }

  get phase(): Phase {
    return this.#phase;
  }

  set phase(next: Phase) {
    if (this.#isOver) return;
    this.#endPhase();
    move(this.#phase, next);
    this.#phase = next;
  }

  /** Milliseconds since the request arrived. */
  get elapsed(): number {
    return performance.now() - this.arrival;
  }

  /** All attempts together. Complete after `end`. */
  get durations(): Durations {
    return this.#durations;
  }

  /** The answer's head is out: from here on the deadline does not count, only the client's leaving. */
  headSent(): void {
    clearTimeout(this.#timer);
  }

  /**
   * Takes timer and listener down. To be called when the answer was handed over, however it went. The stage that a request
   * ended in counts too: without those that ran into a deadline, the figures would look best when all is slow.
   */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#endPhase();
    move(this.#phase, undefined);
    clearTimeout(this.#timer);
    this.#watched.setMaxListeners(this.#watched.getMaxListeners() - 1).off('close', this.#onClose);
  }

  #endPhase(): void {
    const now = performance.now();
    this.#durations[this.#phase] = (this.#durations[this.#phase] ?? 0) + now - this.#phaseStarted;
    this.#phaseStarted = now;
  }

  /**
   * Until HTTP/2 the client is its connection, which a response does not have while answers to earlier requests on it are not
   * through, nor when the client left during earlier policies. Each request that a client sends ahead is one listener more,
   * without end.
   */
  #watch(): void {
    this.#watched.setMaxListeners(this.#watched.getMaxListeners() + 1).on('close', this.#onClose);
    if (stateOf(this.#connection).destroyed) this.#onClose();
  }

  /** `close` without `finish`: the connection went away before the answer was through. */
  readonly #onClose = (): void => {
    if (this.res.writableFinished) return;
    this.#controller.abort(this.#connectionError());
  };

  /** Node closes the connection itself when it cannot make sense of what a client sends. */
  #connectionError(): LambdaProxyError {
    const { errored: cause } = stateOf(this.#connection);
    return cause?.code?.startsWith('HPE_')
      ? new LambdaProxyError('BODY_UNREADABLE', 'the request is not HTTP', { cause })
      : new LambdaProxyError('CLIENT_CLOSED', 'the client closed the connection');
  }
}
