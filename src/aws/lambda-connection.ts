import type { Logger } from '../host/express-gateway';
import { Connection } from './connection';
import type { ConnectionSettings } from './connection-settings';
import { connectionSettings } from './connection-settings';
import { createDispatcher } from './dispatcher';
import type { CallContent, CallProgress } from './lambda-call';
import type { InvokeTarget } from './prepared-call';
import type { StreamEnd } from './response-stream';
import { Shared } from './shared';

/** One call of the Invoke API: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export type InvokeRequest = Omit<InvokeTarget, 'operation'> & CallContent;

export interface InvokeResult {
  readonly payload: Buffer;
  /** `Handled` or `Unhandled` when the function failed; the payload then describes the error. */
  readonly functionError: string | undefined;
  /** Last 4 KB of the function's log, decoded; with `logType: Tail` only. */
  readonly logTail: string | undefined;
}

/** The way to Lambda for one set of connection settings. */
export interface LambdaConnection {
  /**
   * Invokes a function. It runs at most once, however many attempts `progress.attempts` counts.
   * @throws LambdaProxyError when Lambda refused the call, could not be reached or answered nonsense; the reason of
   *   `progress.signal` when that ended the call
   */
  invoke(request: InvokeRequest, progress: CallProgress): Promise<InvokeResult>;
  /**
   * Invokes a function and hands its answer on piece by piece. The promise keeps `invoke`'s promises; what fails later
   * fails while the pieces are read. Read them to their end or close them.
   *
   * @param onEnd called with how the stream ended; it may throw, which is then how the pieces end
   */
  invokeWithResponseStream(
    request: InvokeRequest,
    progress: CallProgress,
    onEnd: (end: StreamEnd) => void,
  ): Promise<AsyncIterableIterator<Uint8Array>>;
}

/** At module level, so that a hot reload, which makes every policy anew, keeps connections and credentials. */
const connections = new Shared<LambdaConnection>();

/**
 * The connection for these settings; equal settings get the same one. Nothing is opened before the first call.
 * @throws ConfigurationError when they cannot work
 */
export function lambdaConnection(options: ConnectionSettings, logger: Logger): LambdaConnection {
  const settings = connectionSettings(options);
  return connections.get(JSON.stringify([settings, environment()]), () => {
    const dispatcher = createDispatcher(settings);
    if (!settings.sslVerify) {
      logger.warn('lambda-proxy: sslVerify is FALSE, whoever is in between can read and change every call to Lambda');
    }
    return { value: new Connection(settings, dispatcher), close: () => void dispatcher.close() };
  });
}

/** Variables that the SDK and the proxy rules read. They decide as much as the settings do. */
function environment(): readonly (readonly [string, string | undefined])[] {
  return Object.entries(process.env).filter(([name]) => /^AWS_|_PROXY$/i.test(name));
}
