import { regionOfFunction } from '../aws/function-arn';
import { lambdaConnection } from '../aws/lambda-connection';
import { customIntegration, payloadFormats } from '../formats';
import type { Logger } from '../host/express-gateway';
import type { ResolvedOptions } from '../options/definitions';
import { invokeUpstream } from './invoke';
import type { Upstream } from './upstream';

/** Chooses what stands behind a policy. Called once for every use of the policy, never on a request's path. */
export function selectUpstream(options: ResolvedOptions, logger: Logger): Upstream {
  const format = options.useCustomIntegration ? customIntegration : payloadFormats[options.payloadFormatVersion];
  const region = regionOfFunction(options.functionName) ?? options.region;
  return invokeUpstream(options, format, lambdaConnection({ ...options, region }, logger), logger);
}
