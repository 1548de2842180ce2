import { callerIdentity } from '../../aws/caller-identity';
import type { ConnectionSettings } from '../../aws/connection-settings';
import { connectionSettings } from '../../aws/connection-settings';
import { regionOfFunction } from '../../aws/function-arn';
import { lambdaAddress } from '../../aws/lambda-address';
import type { LambdaAddress } from '../../aws/lambda-address';
import { lambdaConnection } from '../../aws/lambda-connection';
import { signingScopeOf } from '../../aws/signing-scope';
import { describeChain } from '../../errors/failure-line';
import { LambdaProxyError, toLambdaProxyError } from '../../errors/lambda-proxy-error';
import type { Logger } from '../../host/express-gateway';
import type { Phase } from '../../http/exchange';
import type { EndpointOptions, LambdaOptions } from '../../options/definitions';
import type { Finding } from './finding';
import { failedCall, notChecked, well } from './finding';

/** Asks AWS about policies; the same question is asked once, however many policies share it. */
export class AwsChecks {
  readonly #asked = new Map<string, Promise<Finding>>();

  constructor(private readonly logger: Logger) {}

  /** Where the calls of a policy go, with whose credentials, and whether they may. */
  async check(options: LambdaOptions): Promise<readonly Finding[]> {
    const region = regionOfFunction(options.functionName) ?? options.region;
    const settings = connectionSettings({ ...options, region });
    try {
      const address = await lambdaAddress(settings);
      return [
        well(`Lambda: ${address.endpoint}, region ${address.region}`),
        await this.#once([settings, 'identity'], () => checkIdentity(settings, address)),
        await this.#once([settings, options.functionName, options.qualifier], () =>
          checkPermission(options, settings, this.logger),
        ),
      ];
    } catch (thrown) {
      return [failedCall('Lambda', toError(thrown))];
    }
  }

  /** Whose credentials sign the requests to an HTTP endpoint. Whether they may cannot be asked: HTTP has no dry run. */
  async checkEndpoint(options: EndpointOptions): Promise<readonly Finding[]> {
    const permission = notChecked('the functionUrl; HTTP has no dry run');
    if (options.authType === 'NONE') return [permission];
    const region = options.region ?? (options.signing ?? signingScopeOf(options.functionUrl))?.region;
    const settings = connectionSettings({ ...options, region, endpoint: undefined });
    const identity = await this.#once([settings, 'identity'], () => checkIdentity(settings, { isLocal: false }));
    return [identity, permission];
  }

  #once(question: unknown, ask: () => Promise<Finding>): Promise<Finding> {
    const key = JSON.stringify(question);
    const answer = this.#asked.get(key) ?? ask();
    this.#asked.set(key, answer);
    return answer;
  }
}

async function checkIdentity(
  settings: ConnectionSettings,
  { isLocal }: Pick<LambdaAddress, 'isLocal'>,
): Promise<Finding> {
  if (isLocal && process.env.AWS_ENDPOINT_URL_STS === undefined) {
    return notChecked('credentials; an endpoint on this machine takes any');
  }
  try {
    const { arn, expiration, origin } = await callerIdentity(settings);
    return well(`credentials: ${arn} from ${origin}${expiration ? `, until ${expiration.toISOString()}` : ''}`);
  } catch (thrown) {
    const error = toError(thrown);
    // A gateway needs no STS to call Lambda with the credentials of its machine.
    return error.code === 'UPSTREAM_UNAVAILABLE'
      ? notChecked(`whose credentials they are; ${describeChain(error)}`)
      : failedCall('credentials', error);
  }
}

/** A dry run checks that the function exists and may be invoked, and runs nothing. */
async function checkPermission(
  { functionName, qualifier, timeout }: LambdaOptions,
  settings: ConnectionSettings,
  logger: Logger,
): Promise<Finding> {
  const target = { operation: 'Invoke', functionName, qualifier, invocationType: 'DryRun', logType: 'None' } as const;
  const signal = AbortSignal.timeout(timeout);
  const name = [functionName, ...(qualifier === undefined ? [] : [qualifier])].join(':');
  try {
    const progress = { signal, phase: 'event' as Phase, attempts: 0 };
    await lambdaConnection(settings, logger).invoke(target, { payload: Buffer.from('{}'), traceId: '' }, progress);
    return well(`${name} exists and may be invoked (dry run)`);
  } catch (thrown) {
    const isLate = signal.aborted && !(thrown instanceof LambdaProxyError);
    const error = isLate ? new LambdaProxyError('TIMEOUT', `no answer within ${timeout} ms`) : toError(thrown);
    return failedCall(`${name} (dry run)`, error);
  }
}

function toError(thrown: unknown): LambdaProxyError {
  return toLambdaProxyError(thrown, AbortSignal.any([]));
}
