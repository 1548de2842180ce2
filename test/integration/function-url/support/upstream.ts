import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';

export const certificate = (name: string): string => path.join(__dirname, '../../aws/certificates', name);

/** A request as it reached the upstream. */
export interface ReceivedCall {
  readonly method: string;
  /** The request target, byte by byte. */
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** Values of a header, one for each line. */
  all(name: string): string[];
  /** Number of its connection, from 1 on. */
  readonly connection: number;
  /** All of the body; only what is read by `read` or the default handler. */
  body: Buffer;
  /** How the answer ended: whether it went out whole. */
  readonly finished: Promise<'answered' | 'aborted'>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, call: ReceivedCall) => unknown;

/** A web server in the place of a function URL. */
export interface Upstream {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly ReceivedCall[];
  last(): ReceivedCall;
  /** Waits until that many requests have arrived (since the last `reset`). */
  waitFor(count: number): Promise<ReceivedCall>;
  readonly totalConnections: number;
  connections(): number;
  /** Waits until so many connections are open. */
  untilConnections(count: number): Promise<void>;
  respondWith(handler: Handler): void;
  /** Forgets calls and returns to the default, which reads the body and answers 200. */
  reset(): void;
  close(): Promise<void>;
}

/** Reads a body to its end and keeps it with its call. */
export async function read(request: IncomingMessage, call: ReceivedCall): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return (call.body = Buffer.concat(chunks));
}

const answerWhole: Handler = async (request, response, call) => {
  await read(request, call);
  response.end('answered');
};

/** @param tls with a certificate of an authority of its own, for `localhost` */
export async function startUpstream({ tls = false } = {}): Promise<Upstream> {
  const calls: ReceivedCall[] = [];
  const sockets = new Map<Socket, number>();
  let waiting: (() => void)[] = [];
  let handler = answerWhole;
  let total = 0;
  let numbered = 0;
  const changed = (): void => {
    waiting.splice(0).forEach((wake) => {
      wake();
    });
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const call = received(request, response, sockets.get(request.socket) ?? 0);
    calls.push(call);
    changed();
    // The other side going away shows in `finished`.
    Promise.resolve(handler(request, response, call)).catch(() => response.destroy());
  };
  const identity = { key: readFileSync(certificate('server.key.pem')), cert: readFileSync(certificate('server.pem')) };
  const server: Server = tls ? createTlsServer(identity, onRequest) : createServer(onRequest);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    total += 1;
    sockets.set(socket, (numbered += 1));
    socket.once('close', () => {
      sockets.delete(socket);
      changed();
    });
    changed();
  });
  // Only a test decides when a connection closes.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    port,
    calls,
    last: () => calls.at(-1)!,
    waitFor: async (count) => {
      await until(() => calls.length >= count);
      return calls[count - 1]!;
    },
    get totalConnections() {
      return total;
    },
    connections: () => sockets.size,
    untilConnections: (count) => until(() => sockets.size === count),
    respondWith: (next) => void (handler = next),
    reset: () => {
      calls.length = 0;
      total = 0;
      handler = answerWhole;
    },
    close: () =>
      new Promise((resolve) => {
        waiting = [];
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function received(request: IncomingMessage, response: ServerResponse, connection: number): ReceivedCall {
  const { method = '', url = '', rawHeaders } = request;
  return {
    method,
    url,
    rawHeaders,
    all: (name) => rawHeaders.filter((_value, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name),
    connection,
    body: Buffer.alloc(0),
    finished: new Promise((resolve) => {
      response.once('close', () => {
        resolve(response.writableFinished ? 'answered' : 'aborted');
      });
    }),
  };
}
