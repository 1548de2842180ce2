import type { Readable } from 'node:stream';
import { classifyHttpError } from '../aws/classify-error';
import type { IncomingAnswer } from '../aws/send';
import type { GatewayResponse, ResponseHeader } from '../http/gateway-response';
import { mayHaveBody } from '../http/gateway-response';
import { withIdleTimeout } from './idle-timeout';

/**
 * The answer of an HTTP endpoint as it goes on to the client: status, headers and bytes as they are.
 *
 * @param idleTimeout milliseconds that its body may be silent
 */
export function httpAnswer(method: string, answer: IncomingAnswer<Readable>, idleTimeout: number): GatewayResponse {
  const { statusCode: status, rawHeaders, body } = answer;
  const headers = headerLines(rawHeaders);
  if (mayHaveBody(method, status)) return { status, headers, body: pieces(body, idleTimeout) };
  // What is not read does not end, and its connection would never be free.
  body.resume();
  return { status, headers, body: Buffer.alloc(0) };
}

/** Names in their first spelling, one value for each line. */
function headerLines(rawHeaders: readonly Buffer[]): readonly ResponseHeader[] {
  const fields = new Map<string, readonly [name: string, values: string[]]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2).map((bytes) => bytes.toString('latin1'));
    const known = fields.get(name.toLowerCase());
    if (known) known[1].push(value);
    else fields.set(name.toLowerCase(), [name, [value]]);
  }
  return [...fields.values()];
}

/** Closing it closes the connection, before the first piece as well: a generator that never began ignores `return`. */
function pieces(body: Readable, idleTimeout: number): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => {
      const source = classified(body, idleTimeout);
      return {
        next: () => source.next(),
        return: () => {
          body.destroy();
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
}

async function* classified(body: Readable, idleTimeout: number): AsyncGenerator<Uint8Array, void> {
  try {
    yield* withIdleTimeout(body, idleTimeout, idleTimeout);
  } catch (error) {
    body.destroy();
    throw classifyHttpError(error);
  }
}
