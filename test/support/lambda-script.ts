import type { IncomingHttpHeaders } from 'node:http';

/** One request that reached the endpoint. */
export interface RecordedInvocation {
  method: string;
  /** The request target as it came. */
  url: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: Buffer;
  /** The body read as JSON, or undefined. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into events of every shape
  event: any;
  /** The function's name out of an Invoke path, decoded; undefined for other paths (function URLs). */
  functionName: string | undefined;
  qualifier: string | undefined;
  /** Whether the path was that of InvokeWithResponseStream. */
  streaming: boolean;
  /** Number of the connection, from 1 in the order they were opened. */
  connection: number;
  /** Resolves when the exchange is over: 'answered', or 'aborted' when the connection went away before that. */
  finished: Promise<'answered' | 'aborted'>;
}

/** What may accompany every script. */
interface Common {
  /** Wait before the answer begins. */
  delayMs?: number;
  /** Hold the answer back until this resolves; `delayMs` comes after it. */
  when?: Promise<unknown>;
  /** Close the connection when the answer is through, without having announced it. */
  thenClose?: boolean;
}

/** The function ran: its result, or its error when `functionError` is there. */
export interface ResultScript extends Common {
  /** A value that is sent as JSON (undefined: an empty payload). */
  result: unknown;
  functionError?: 'Handled' | 'Unhandled';
  /** The log tail as text; the answer carries it in base64. */
  logResult?: string;
  executedVersion?: string;
  headers?: Readonly<Record<string, string>>;
}

/** The same with the payload's bytes as given. */
export type PayloadScript = Omit<ResultScript, 'result'> & { payload: string | Uint8Array };

/** The Lambda service refuses. */
export interface ApiErrorScript extends Common {
  apiError: {
    name: string;
    status: number;
    message?: string;
    headers?: Readonly<Record<string, string>>;
    /** Further members of the error document, e.g. `Reason`. */
    fields?: Readonly<Record<string, unknown>>;
  };
}

/** Any HTTP answer: a load balancer's HTML page, or a function URL. */
export interface HttpScript extends Common {
  http: {
    status: number;
    statusMessage?: string;
    headers?: Readonly<Record<string, string | string[]>> | readonly (readonly [string, string])[];
    body?: string | Uint8Array | readonly StreamStep[];
  };
}

/** One step of a body that is sent in pieces. */
export type StreamStep =
  | { bytes: string | Uint8Array }
  | { pauseMs: number }
  | { wait: Promise<unknown> }
  | { then: 'hang' | 'reset' | 'end' };

/** One step of a streamed invocation: an event, or one of the steps above (whose bytes are sent unframed). */
export type FrameStep =
  | { chunk: string | Uint8Array }
  | { complete: { ErrorCode?: string; ErrorDetails?: string; LogResult?: string } }
  | { exception: { name: string; message: string } }
  | StreamStep;

/** The answer of InvokeWithResponseStream; without a `complete` step the stream just ends. */
export interface StreamScript extends Common {
  stream: readonly FrameStep[];
  /** What the service reports as the stream's content type. */
  contentType?: string;
  executedVersion?: string;
}

/** What can go wrong on the wire. */
export type Fault =
  /** The request is never answered. */
  | 'hang'
  /** RST as soon as the request's head is there; the body is not read. */
  | 'reset-before-request'
  /** RST after the whole request was read. */
  | 'reset-after-request'
  /** RST after the head and half of the body were sent. */
  | 'reset-mid-answer'
  /** FIN after the head and half of the body were sent. */
  | 'truncated'
  /** FIN without an answer. */
  | 'closed'
  /** Bytes that are not HTTP. */
  | 'garbage';

/** A fault instead of an answer. */
export interface FaultScript extends Common {
  fault: Fault;
}

/** What the endpoint answers. */
export type LambdaScript = ResultScript | PayloadScript | ApiErrorScript | HttpScript | StreamScript | FaultScript;

/** A script, or how to find one for an invocation. */
export type LambdaScriptSource =
  LambdaScript | ((invocation: RecordedInvocation) => LambdaScript | Promise<LambdaScript>);

/** The answer until a test says otherwise. */
export const DEFAULT_SCRIPT: LambdaScript = { result: { statusCode: 200, body: 'ok' } };

/** A streamed API Gateway response: its prelude, the separator of eight NUL bytes, pieces of the body, the end. */
export function streamedResponse(prelude: object, ...chunks: (string | Uint8Array)[]): StreamScript {
  const head = `${JSON.stringify(prelude)}${'\0'.repeat(8)}`;
  return { stream: [{ chunk: head }, ...chunks.map((chunk) => ({ chunk })), { complete: {} }] };
}
