/**
 * The messages between the server and the worker thread of an execution environment. All are plain data, and the port
 * keeps their order: a function's log lines arrive before its result.
 */

/** Given to a worker when it starts (`workerData`). */
export interface WorkerSetup {
  /** Absolute path of the function's module. */
  readonly file: string;
  /** As in the function's configuration, `index.handler`; for error messages. */
  readonly handler: string;
}

/** One invocation. A worker gets the next one only after it ended the one before. */
export interface InvokeMessage {
  readonly type: 'invoke';
  readonly requestId: string;
  /** The event as JSON text: the worker parses it, as Lambda's runtime does. */
  readonly event: string;
  readonly invokedFunctionArn: string;
  /** Milliseconds since the epoch at which the function times out. */
  readonly deadline: number;
  /** JSON text. */
  readonly clientContext: string | undefined;
  readonly traceId: string | undefined;
}

/** The reader has taken so much of the output of an invocation: as much more may be sent. */
export interface TakenMessage {
  readonly type: 'taken';
  readonly requestId: string;
  readonly bytes: number;
}

/** Nobody reads the output of an invocation any more. */
export interface AbortMessage {
  readonly type: 'abort';
  readonly requestId: string;
}

export type MessageToWorker = InvokeMessage | TakenMessage | AbortMessage;

/** The function's module is loaded. */
export interface ReadyMessage {
  readonly type: 'ready';
}

/** The function's module could not be loaded; the worker exits. */
export interface InitErrorMessage {
  readonly type: 'init-error';
  /** The error as JSON text: `errorType`, `errorMessage`, `trace`. */
  readonly payload: string;
}

/** Console output, without the line break at its end. */
export interface LogMessage {
  readonly type: 'log';
  readonly text: string;
}

/** A piece of what a streaming handler writes. */
export interface ChunkMessage {
  readonly type: 'chunk';
  readonly bytes: Uint8Array;
}

/** The invocation of a streaming handler ended well; its output came in chunks. */
export interface StreamedMessage {
  readonly type: 'streamed';
  /** Bytes. */
  readonly memoryUsed: number;
}

/** The invocation of any other handler ended well. */
export interface ResultMessage {
  readonly type: 'result';
  /** What the function returned, as JSON text. */
  readonly payload: string;
  /** Bytes. */
  readonly memoryUsed: number;
}

/** The invocation ended with an error. */
export interface ErrorMessage {
  readonly type: 'error';
  /** The error as JSON text: `errorType`, `errorMessage`, `trace`. */
  readonly payload: string;
  /** Nobody caught the error: the worker exits. */
  readonly fatal: boolean;
  /** Bytes. */
  readonly memoryUsed: number;
}

/** Ends a phase of the worker's life. */
export type EndMessage = ReadyMessage | InitErrorMessage | StreamedMessage | ResultMessage | ErrorMessage;

export type MessageFromWorker = EndMessage | LogMessage | ChunkMessage;
