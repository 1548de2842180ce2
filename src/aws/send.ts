import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Exchange } from '../http/exchange';

/**
 * By name, in the spelling that goes onto the wire; a list is a line each. Not names and values in turn, of which undici's
 * proxies keep one line for each name (7.30).
 */
export type OutgoingHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A request as it goes onto the wire. */
export interface OutgoingRequest {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly method: string;
  readonly headers: OutgoingHeaders;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
}

/** An answer, its body in one piece or as it comes. */
export interface IncomingAnswer<Body> {
  readonly statusCode: number;
  /** Lower-case names; what came more than once is a list. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were received. */
  readonly rawHeaders: readonly Buffer[];
  readonly body: Body;
}

/** What ends a request early, and how far it got. */
export type SendProgress = Pick<Exchange, 'signal' | 'phase'>;

/** No clock of undici's: a request has its own deadline, and two for each request take a fortieth of its time (measured). */
const NONE = 0;

/** Milliseconds without a piece after which undici gives up what has no deadline: as long as Lambda lets a function run. */
const LONGEST_SILENCE = 900_000;

/**
 * Sends a request, once, and collects its answer: undici's own way makes a stream of it first, which takes as long as all
 * the rest of it (measured).
 *
 * @throws undici's error, or the signal's reason
 */
export function sendAndCollect(
  dispatcher: Dispatcher,
  request: OutgoingRequest,
  progress: SendProgress,
): Promise<IncomingAnswer<Buffer>> {
  return send(dispatcher, request, NONE, new Collector(progress));
}

/**
 * Sends a request, once, and resolves with the head of its answer. The body comes as fast as it is read; to destroy it
 * closes the connection.
 *
 * @throws undici's error, or the signal's reason; afterwards the body fails with them
 */
export function sendAndStream(
  dispatcher: Dispatcher,
  request: OutgoingRequest,
  progress: SendProgress,
): Promise<IncomingAnswer<Readable>> {
  return send(dispatcher, request, LONGEST_SILENCE, new Streamer(progress));
}

function send<Body>(
  dispatcher: Dispatcher,
  { origin, path, method, headers, body }: OutgoingRequest,
  bodyTimeout: number,
  handler: AnswerHandler<Body>,
): Promise<IncomingAnswer<Body>> {
  const options = { origin, path, method, headers, body, headersTimeout: NONE, bodyTimeout };
  // undici sends whatever can be iterated; its types know of streams only, and of lists that may change.
  dispatcher.dispatch(options as Dispatcher.DispatchOptions, handler);
  return handler.answer;
}

/** What both ways share: the phases of a request, and its early end. */
abstract class AnswerHandler<Body> implements Dispatcher.DispatchHandler {
  readonly answer: Promise<IncomingAnswer<Body>>;
  protected resolve!: (answer: IncomingAnswer<Body>) => void;
  protected controller: Dispatcher.DispatchController | undefined;
  #reject!: (reason: unknown) => void;

  constructor(private readonly progress: SendProgress) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.#reject = reject;
    });
    progress.phase = 'connect';
    progress.signal.addEventListener('abort', this.#onAbort);
  }

  /** There is a connection, and the request is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.progress.signal.aborted) controller.abort(this.progress.signal.reason as Error);
    else this.progress.phase = 'invoke';
  }

  /** Called for interim answers too, which say nothing about the final one (RFC 9110, section 15.2). */
  onResponseStart(controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    if (statusCode < 200) return;
    this.progress.phase = 'body';
    this.begin({ statusCode, headers, rawHeaders: controller.rawHeaders as readonly Buffer[] });
  }

  abstract onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void;

  onResponseEnd(): void {
    this.#stopListening();
    this.end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#stopListening();
    this.fail(this.progress.signal.aborted ? (this.progress.signal.reason as Error) : error);
  }

  protected abstract begin(head: Omit<IncomingAnswer<Body>, 'body'>): void;
  protected abstract end(): void;

  protected fail(error: Error): void {
    this.#reject(error);
  }

  /** A request that waits for a connection stays in undici's queue until its turn, and is not written then. */
  readonly #onAbort = (): void => {
    const reason = this.progress.signal.reason as Error;
    this.controller?.abort(reason);
    this.fail(reason);
  };

  #stopListening(): void {
    this.progress.signal.removeEventListener('abort', this.#onAbort);
  }
}

class Collector extends AnswerHandler<Buffer> {
  readonly #chunks: Buffer[] = [];
  #head: Omit<IncomingAnswer<Buffer>, 'body'> | undefined;

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  protected begin(head: Omit<IncomingAnswer<Buffer>, 'body'>): void {
    this.#head = head;
  }

  protected end(): void {
    const [first] = this.#chunks;
    const body = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    if (this.#head) this.resolve(Object.assign(this.#head, { body }));
  }
}

class Streamer extends AnswerHandler<Readable> {
  /** Whoever reads it learns of its errors; until somebody does, they must not be thrown at the process. */
  readonly #body = new Readable({
    read: () => {
      this.controller?.resume();
    },
    destroy: (error, callback) => {
      this.controller?.abort(error ?? new Error('the answer is not read to its end'));
      callback(error);
    },
  }).on('error', () => undefined);

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#body.push(chunk)) controller.pause();
  }

  protected begin(head: Omit<IncomingAnswer<Readable>, 'body'>): void {
    this.resolve({ ...head, body: this.#body });
  }

  protected end(): void {
    this.#body.push(null);
  }

  protected override fail(error: Error): void {
    super.fail(error);
    this.#body.destroy(error);
  }
}
