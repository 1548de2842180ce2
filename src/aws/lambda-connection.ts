import type { Logger } from '../host/express-gateway';
import { Connection } from './connection';
import type { ConnectionSettings } from './connection-settings';
import type { CallContent, CallProgress } from './lambda-call';
import type { InvokeTarget } from './prepared-call';
import type { StreamEnd } from './response-stream';
import { SharedConnections } from './shared-connections';

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
   * Invokes a function: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. It runs at most once, however many attempts `progress.attempts` counts.
   * @throws LambdaProxyError when Lambda refused the call, could not be reached or answered nonsense; the reason of
   *   `progress.signal` when that ended the call
   */
  invoke(target: InvokeTarget, content: CallContent, progress: CallProgress): Promise<InvokeResult>;
  /**
   * Invokes a function and hands its answer on piece by piece. The promise keeps `invoke`'s promises; what fails later
   * fails while the pieces are read. Read them to their end or close them.
   *
   * @param onEnd called with how the stream ended; it may throw, which is then how the pieces end
   */
  invokeWithResponseStream(
    target: InvokeTarget,
    content: CallContent,
    progress: CallProgress,
    onEnd: (end: StreamEnd) => void,
  ): Promise<AsyncIterableIterator<Uint8Array>>;
}

const connections = new SharedConnections<LambdaConnection>();

/**
 * The connection for these settings; equal settings get the same one. Nothing is opened before the first call.
 * @throws ConfigurationError when they cannot work
 */
export function lambdaConnection(options: ConnectionSettings, logger: Logger): LambdaConnection {
  return connections.get(options, logger, (settings, dispatcher) => new Connection(settings, dispatcher));
}
