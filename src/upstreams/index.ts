import { regionOfFunction } from '../aws/function-arn';
import { lambdaConnection } from '../aws/lambda-connection';
import { customIntegration, payloadFormats } from '../formats';
import type { PayloadFormat } from '../formats/payload-format';
import type { Logger } from '../host/express-gateway';
import type { LambdaOptions, ResolvedOptions } from '../options/definitions';
import { functionUrlUpstream } from './function-url';
import { invokeUpstream } from './invoke';
import { invokeStreamUpstream } from './invoke-stream';
import type { Upstream } from './upstream';

/**
 * Chooses what stands behind a policy. Called once for every use of the policy, never on a request's path.
 *
 * @param format another one than the options name
 */
export function selectUpstream(options: ResolvedOptions, logger: Logger, format = formatOf(options)): Upstream {
  return options.functionUrl === undefined
    ? lambdaUpstream(options, format, logger)
    : functionUrlUpstream(options, logger);
}

/** The ways to call Lambda, by the option `invokeMode`. A further one is one line here. */
const lambdaUpstreams = {
  BUFFERED: invokeUpstream,
  RESPONSE_STREAM: invokeStreamUpstream,
} as const satisfies Record<ResolvedOptions['invokeMode'], unknown>;

function lambdaUpstream(options: LambdaOptions, format: PayloadFormat, logger: Logger): Upstream {
  const settings = { ...options, region: regionOfFunction(options.functionName) ?? options.region };
  const connection = lambdaConnection(settings, logger);
  // A dry run has no answer to stream.
  const mode = options.invocationType === 'RequestResponse' ? options.invokeMode : 'BUFFERED';
  return lambdaUpstreams[mode](settings, format, connection, logger);
}

/** The shape of a policy's events and results. */
export function formatOf(options: ResolvedOptions): PayloadFormat {
  return options.useCustomIntegration ? customIntegration : payloadFormats[options.payloadFormatVersion];
}
