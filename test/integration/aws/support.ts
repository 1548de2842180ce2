import type { ConnectionSettings } from '../../../src/aws/connection-settings';
import type { CallContent } from '../../../src/aws/lambda-call';
import type { InvokeResult, LambdaConnection } from '../../../src/aws/lambda-connection';
import { lambdaConnection } from '../../../src/aws/lambda-connection';
import type { InvokeTarget } from '../../../src/aws/prepared-call';
import type { Logger } from '../../../src/host/express-gateway';
import type { Phase } from '../../../src/http/exchange';

// A proxy of the machine would stand between the tests and their endpoints.
for (const name of Object.keys(process.env)) {
  if (/_PROXY$/i.test(name)) Reflect.deleteProperty(process.env, name);
}

const DEFAULTS: ConnectionSettings = {
  region: 'eu-central-1',
  profile: undefined,
  endpoint: undefined,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test-secret' },
  assumeRole: undefined,
  // No test needs a short one by the way, and a busy machine may pause.
  connectTimeout: 60_000,
  maxAttempts: 1,
  maxConnections: 512,
  maxPending: 1_024,
  keepAliveTimeout: 20_000,
  proxyUrl: undefined,
  caFile: undefined,
  sslVerify: true,
};

/** A connection with settings that work but for those given. */
export function connect(settings: Partial<ConnectionSettings>, log: string[] = []): LambdaConnection {
  const write = (message: string): unknown => log.push(message);
  const logger: Logger = { error: write, warn: write, info: write, debug: write };
  return lambdaConnection({ ...DEFAULTS, ...settings }, logger);
}

export interface CallOutcome {
  readonly result?: InvokeResult;
  /** `LambdaProxyError`, whose code and message an operator sees in the log. */
  readonly error?: { readonly code: string; readonly message: string; readonly cause?: unknown };
  readonly attempts: number;
  readonly phase: string;
}

/** A call: what stays the same, and what differs. */
export type InvokeRequest = Omit<InvokeTarget, 'operation'> & CallContent;

const REQUEST: InvokeRequest = {
  functionName: 'fn',
  qualifier: undefined,
  invocationType: 'RequestResponse',
  logType: 'None',
  traceId: '',
  payload: Buffer.from('{"a":1}'),
};

/** Makes one call and tells how it went; it never rejects. */
export async function call(
  connection: LambdaConnection,
  request: Partial<InvokeRequest> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<CallOutcome> {
  const progress = { signal, phase: 'event' as Phase, attempts: 0 };
  try {
    const result = await connection.invoke(
      { operation: 'Invoke', ...REQUEST, ...request },
      { ...REQUEST, ...request },
      progress,
    );
    return { result, attempts: progress.attempts, phase: progress.phase };
  } catch (error) {
    return { error: error as NonNullable<CallOutcome['error']>, attempts: progress.attempts, phase: progress.phase };
  }
}

/** Sets variables of the environment and puts them back after the test file's `restore`. */
export function setEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  return () => void setEnvironment(before);
}
