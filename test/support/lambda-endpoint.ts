import { randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import './core-errors';
import { playScript } from './lambda-answer';
import { DEFAULT_SCRIPT, type LambdaScript, type LambdaScriptSource, type RecordedInvocation } from './lambda-script';

export { streamedResponse } from './lambda-script';
export type { FrameStep, LambdaScript, LambdaScriptSource, RecordedInvocation, StreamStep } from './lambda-script';

/** A Lambda service on a port of this machine. */
export interface LambdaEndpoint {
  readonly url: string;
  readonly port: number;
  /** Variables that make the SDK use this endpoint, with invented credentials and nothing read from the machine. */
  readonly env: Readonly<Record<string, string>>;
  readonly invocations: readonly RecordedInvocation[];
  /** The last invocation; throws if there was none. */
  last(): RecordedInvocation;
  /** Waits until that many requests have arrived (since the last `reset`). */
  waitFor(count: number): Promise<RecordedInvocation>;
  /** Connections that are open now. */
  connections(): number;
  /** Connections that were opened since the last `reset`. */
  readonly totalConnections: number;
  /**
   * Ends all connections, as a service does with those that have waited long for their next request; resolves when the
   * other side has seen it and closed them, too.
   */
  endConnections(): Promise<void>;
  respondWith(script: LambdaScriptSource): void;
  /** Forgets invocations and counts and returns to the default script; connections stay. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts a scripted Lambda endpoint on 127.0.0.1. */
export async function startLambdaEndpoint(script: LambdaScriptSource = DEFAULT_SCRIPT): Promise<LambdaEndpoint> {
  const endpoint = new Endpoint(script);
  await endpoint.listen();
  return endpoint;
}

/**
 * A port that refuses connections, and is there to be taken. It is below those that systems give to whoever asks for any
 * (from 32768 or 49152 on): nobody gets it by chance before the test has used it.
 */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createTcpServer().once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** The variables that make the SDK talk to `url`. */
export function lambdaEnv(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'test-secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

class Endpoint implements LambdaEndpoint {
  readonly invocations: RecordedInvocation[] = [];
  totalConnections = 0;
  readonly #server: Server;
  /** Open connections and the number each was given. */
  readonly #sockets = new Map<Socket, number>();
  #script: LambdaScriptSource;
  #arrivals: (() => void)[] = [];
  #numbered = 0;

  constructor(script: LambdaScriptSource) {
    this.#script = script;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('connection', (socket) => {
      this.totalConnections += 1;
      this.#numbered += 1;
      this.#sockets.set(socket, this.#numbered);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Only a test decides when a connection closes.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get env(): Readonly<Record<string, string>> {
    return lambdaEnv(this.url);
  }

  last(): RecordedInvocation {
    const last = this.invocations.at(-1);
    if (last === undefined) {
      throw new Error('The Lambda endpoint was not invoked');
    }
    return last;
  }

  async waitFor(count: number): Promise<RecordedInvocation> {
    while (this.invocations.length < count) {
      await new Promise<void>((resolve) => this.#arrivals.push(resolve));
    }
    return this.invocations[count - 1]!;
  }

  connections(): number {
    return this.#sockets.size;
  }

  async endConnections(): Promise<void> {
    const sockets = [...this.#sockets.keys()];
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).end())));
  }

  respondWith(script: LambdaScriptSource): void {
    this.#script = script;
  }

  reset(): void {
    this.invocations.length = 0;
    this.totalConnections = 0;
    this.#script = DEFAULT_SCRIPT;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new AbortController();
    response.once('close', () => {
      closed.abort();
    });
    try {
      const script = await this.#receive(request, response);
      await playScript(script, { request, response, signal: closed.signal });
    } catch (error) {
      // The other side going away is an outcome that `finished` tells; anything else is a faulty script.
      if (!closed.signal.aborted) {
        process.emitWarning(`Lambda endpoint: ${String(error)}`);
        response.destroy();
      }
    }
  }

  /** Records the request and finds its script; a reset that must come first does not wait for the body. */
  async #receive(request: IncomingMessage, response: ServerResponse): Promise<LambdaScript> {
    const fixed = this.#script;
    const early = typeof fixed === 'object' && 'fault' in fixed && fixed.fault === 'reset-before-request';
    const invocation = record(request, early ? Buffer.alloc(0) : await readAll(request), {
      connection: this.#sockets.get(request.socket) ?? 0,
      finished: outcomeOf(response),
    });
    this.invocations.push(invocation);
    this.#arrivals.splice(0).forEach((arrived) => {
      arrived();
    });
    return typeof fixed === 'function' ? await fixed(invocation) : fixed;
  }
}

function record(
  request: IncomingMessage,
  body: Buffer,
  rest: Pick<RecordedInvocation, 'connection' | 'finished'>,
): RecordedInvocation {
  const url = request.url ?? '';
  const [path = '', search = ''] = url.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const called = /^\/[\d-]+\/functions\/([^/]+)\/(invocations|response-streaming-invocations)$/.exec(path);
  return {
    method: request.method ?? '',
    url,
    path,
    query,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body,
    event: parseJson(body),
    functionName: called?.[1] === undefined ? undefined : decodeURIComponent(called[1]),
    qualifier: query.get('Qualifier') ?? undefined,
    streaming: called?.[2] === 'response-streaming-invocations',
    ...rest,
  };
}

function outcomeOf(response: ServerResponse): Promise<'answered' | 'aborted'> {
  return new Promise((resolve) => {
    response.once('close', () => {
      resolve(response.writableFinished ? 'answered' : 'aborted');
    });
  });
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}
