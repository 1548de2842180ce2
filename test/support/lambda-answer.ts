import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { invokeComplete, payloadChunk, streamException } from './event-stream';
import type {
  ApiErrorScript,
  Fault,
  FrameStep,
  HttpScript,
  LambdaScript,
  PayloadScript,
  ResultScript,
  StreamScript,
  StreamStep,
} from './lambda-script';

/** The exchange a script is played into; `signal` fires when the connection or the endpoint closes. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  signal: AbortSignal;
}

/** Plays the script; resolves when its last byte was handed over, rejects when the connection went away meanwhile. */
export async function playScript(script: LambdaScript, exchange: Exchange): Promise<void> {
  await abortable(script.when, exchange.signal);
  if (script.delayMs !== undefined) {
    await sleep(script.delayMs, undefined, { signal: exchange.signal });
  }
  await playKind(script, exchange);
  if (script.thenClose === true) {
    exchange.response.socket?.end();
  }
}

function playKind(script: LambdaScript, exchange: Exchange): Promise<void> | void {
  if ('fault' in script) {
    playFault(script.fault, exchange);
  } else if ('apiError' in script) {
    playApiError(script.apiError, exchange.response);
  } else if ('http' in script) {
    return playHttp(script.http, exchange);
  } else if ('stream' in script) {
    return playStream(script, exchange);
  } else {
    playResult(script, exchange.response);
  }
}

function playResult(script: ResultScript | PayloadScript, response: ServerResponse): void {
  const payload = 'payload' in script ? script.payload : (JSON.stringify(script.result) as string | undefined);
  const body = Buffer.from((payload ?? '') as Uint8Array);
  const headers = {
    'content-type': 'application/json',
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
    'x-amz-executed-version': script.executedVersion ?? '$LATEST',
    ...(script.functionError !== undefined && { 'x-amz-function-error': script.functionError }),
    ...(script.logResult !== undefined && { 'x-amz-log-result': Buffer.from(script.logResult).toString('base64') }),
    'content-length': String(body.length),
    ...script.headers,
  };
  response.writeHead(200, headers).end(body);
}

function playApiError(error: ApiErrorScript['apiError'], response: ServerResponse): void {
  const message = error.message ?? `${error.name} (scripted)`;
  const body = JSON.stringify({ Type: error.status < 500 ? 'User' : 'Service', Message: message, ...error.fields });
  response
    .writeHead(error.status, {
      'content-type': 'application/json',
      'x-amzn-errortype': error.name,
      'content-length': String(Buffer.byteLength(body)),
      ...error.headers,
    })
    .end(body);
}

async function playHttp(http: HttpScript['http'], exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const pairs = Array.isArray(http.headers) ? (http.headers as [string, string][]).flat() : http.headers;
  const headers = (pairs ?? {}) as Record<string, string>;
  if (http.statusMessage === undefined) {
    response.writeHead(http.status, headers);
  } else {
    response.writeHead(http.status, http.statusMessage, headers);
  }
  const { body } = http;
  if (Array.isArray(body)) {
    await playSteps(body as readonly StreamStep[], exchange);
  } else {
    response.end(body);
  }
}

async function playStream(script: StreamScript, exchange: Exchange): Promise<void> {
  exchange.response.writeHead(200, {
    'content-type': script.contentType ?? 'application/vnd.amazon.eventstream',
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
    'x-amz-executed-version': script.executedVersion ?? '$LATEST',
  });
  await playSteps(script.stream.map(encodeFrame), exchange);
}

function encodeFrame(step: FrameStep): StreamStep {
  if ('chunk' in step) {
    return { bytes: payloadChunk(step.chunk) };
  }
  if ('complete' in step) {
    return { bytes: invokeComplete(step.complete) };
  }
  return 'exception' in step ? { bytes: streamException(step.exception.name, step.exception.message) } : step;
}

async function playSteps(steps: readonly StreamStep[], { response, signal }: Exchange): Promise<void> {
  response.flushHeaders();
  for (const step of steps) {
    if ('bytes' in step) {
      // The reader's pace is ours: a test of back-pressure sees how much was taken.
      if (!response.write(step.bytes)) {
        await once(response, 'drain', { signal });
      }
    } else if ('pauseMs' in step) {
      await sleep(step.pauseMs, undefined, { signal });
    } else if ('wait' in step) {
      await abortable(step.wait, signal);
    } else {
      endSteps(step.then, response);
      return;
    }
  }
  response.end();
}

function endSteps(how: 'hang' | 'reset' | 'end', response: ServerResponse): void {
  if (how === 'reset') {
    response.socket?.resetAndDestroy();
  } else if (how === 'end') {
    response.socket?.end();
  }
}

function playFault(fault: Fault, { response }: Exchange): void {
  const socket = response.socket;
  const body = JSON.stringify({ statusCode: 200, body: 'cut off '.repeat(64) });
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const half = head + body.slice(0, body.length / 2);
  const faults: Record<Fault, () => void> = {
    hang: () => undefined,
    'reset-before-request': () => socket?.resetAndDestroy(),
    'reset-after-request': () => socket?.resetAndDestroy(),
    // Reset at once would overtake the bytes that were just written.
    'reset-mid-answer': () => socket?.write(half, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    truncated: () => socket?.end(half),
    closed: () => socket?.end(),
    garbage: () => socket?.end('SSH-2.0-not-http\r\n\r\n'),
  };
  faults[fault]();
}

/** Waits for the promise unless the signal fires first. */
async function abortable(promise: Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  if (promise !== undefined) {
    signal.throwIfAborted();
    const aborted = new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('The connection closed'));
      });
    });
    await Promise.race([promise, aborted]);
  }
}
