import { regionOfFunction } from '../aws/function-arn';
import { lambdaConnection } from '../aws/lambda-connection';
import { customIntegration, payloadFormats } from '../formats';
import type { Logger } from '../host/express-gateway';
import type { ResolvedOptions } from '../options/definitions';
import { invokeUpstream } from './invoke';
import { invokeStreamUpstream } from './invoke-stream';
import type { Upstream } from './upstream';

/** What stands behind a policy, by the option `invokeMode`. A further upstream is one line here. */
const upstreams = {
  BUFFERED: invokeUpstream,
  RESPONSE_STREAM: invokeStreamUpstream,
} as const satisfies Record<ResolvedOptions['invokeMode'], unknown>;

/** Chooses what stands behind a policy. Called once for every use of the policy, never on a request's path. */
export function selectUpstream(options: ResolvedOptions, logger: Logger): Upstream {
  const format = options.useCustomIntegration ? customIntegration : payloadFormats[options.payloadFormatVersion];
  const region = regionOfFunction(options.functionName) ?? options.region;
  const connection = lambdaConnection({ ...options, region }, logger);
  // A dry run has no answer to stream.
  const mode = options.invocationType === 'RequestResponse' ? options.invokeMode : 'BUFFERED';
  return upstreams[mode](options, format, connection, logger);
}
