import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type {
  InvokeCommandInput,
  InvokeCommandOutput,
  InvokeWithResponseStreamCommandInput,
  InvokeWithResponseStreamCommandOutput,
  InvokeWithResponseStreamCompleteEvent,
} from '@aws-sdk/client-lambda';
import { startLocalLambda } from '../../../src/local-lambda';
import type { LocalLambda, LocalLambdaOptions } from '../../../src/local-lambda';

export const fixtures = join(__dirname, '../../fixtures/local-lambda');

/** Whatever JSON the function gave; each test knows its own. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Payload = any;

export interface InvokeResult {
  readonly error: string | undefined;
  readonly payload: Payload;
}

export interface StreamResult {
  readonly chunks: readonly Buffer[];
  readonly complete: InvokeWithResponseStreamCompleteEvent | undefined;
}

/** A server with the real SDK in front of it. */
export interface Bench {
  readonly server: LocalLambda;
  readonly client: LambdaClient;
  /** Calls the SDK's Invoke. */
  send(input: InvokeCommandInput): Promise<InvokeCommandOutput>;
  /** Invokes the function and takes the payload apart. */
  invoke(FunctionName: string, event?: unknown): Promise<InvokeResult>;
  /** Calls the SDK's InvokeWithResponseStream. */
  sendStream(
    input: Omit<InvokeWithResponseStreamCommandInput, 'Payload'>,
    event?: unknown,
    abortSignal?: AbortSignal,
  ): Promise<InvokeWithResponseStreamCommandOutput>;
  /** Invokes the function and reads its whole stream. */
  stream(FunctionName: string, event?: unknown): Promise<StreamResult>;
  close(): Promise<void>;
}

/** Starts a server with the fixtures. The timeout is long, so that a slow machine does not decide a test. */
export async function startBench(options: Partial<LocalLambdaOptions> = {}): Promise<Bench> {
  const server = await startLocalLambda({ folder: fixtures, timeout: 60, ...options });
  const client = new LambdaClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const send = (input: InvokeCommandInput): Promise<InvokeCommandOutput> => client.send(new InvokeCommand(input));
  const sendStream: Bench['sendStream'] = (input, event = {}, abortSignal) => {
    const command = new InvokeWithResponseStreamCommand({ ...input, Payload: Buffer.from(JSON.stringify(event)) });
    return client.send(command, abortSignal ? { abortSignal } : {});
  };
  return {
    server,
    client,
    send,
    sendStream,
    stream: async (FunctionName, event) => readStream(await sendStream({ FunctionName }, event)),
    invoke: async (FunctionName, event = {}) => {
      const output = await send({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) });
      return { error: output.FunctionError, payload: payloadOf(output) };
    },
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

export function payloadOf(output: InvokeCommandOutput): Payload {
  return JSON.parse(Buffer.from(output.Payload ?? []).toString());
}

export async function readStream(output: InvokeWithResponseStreamCommandOutput): Promise<StreamResult> {
  const chunks: Buffer[] = [];
  let complete: InvokeWithResponseStreamCompleteEvent | undefined;
  for await (const event of output.EventStream ?? []) {
    if (event.PayloadChunk) chunks.push(Buffer.from(event.PayloadChunk.Payload ?? []));
    if (event.InvokeComplete) complete = event.InvokeComplete;
  }
  return { chunks, complete };
}

/** The text of a stream that ended well. */
export function textOf(result: StreamResult): string {
  expect(result.complete).toEqual({});
  return Buffer.concat(result.chunks).toString();
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One HTTP request, for what the SDK hides. */
export function rawRequest(
  url: string,
  options: { method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const { method = 'POST', path, headers = {}, body = '' } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
