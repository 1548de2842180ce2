import { LambdaClient } from '@aws-sdk/client-lambda';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { ConnectionSettings } from './connection-settings';
import { isLocalEndpoint } from './loopback';
import { prepareCall, preparing } from './prepared-call';

/** Where the SDK would send calls to. */
export interface LambdaAddress {
  readonly region: string;
  /** Origin of the endpoint. */
  readonly endpoint: string;
  /** Plain HTTP on this machine, which takes any credentials. */
  readonly isLocal: boolean;
}

/**
 * Region and endpoint that the SDK finds for a connection, its own chain included. Nothing is sent.
 * @throws LambdaProxyError `CONFIGURATION`
 */
export async function lambdaAddress({ region, profile, endpoint }: ConnectionSettings): Promise<LambdaAddress> {
  const client = new LambdaClient({
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
  });
  try {
    const { origin } = await prepareCall(preparing(client), SAMPLE);
    return { region: await client.config.region(), endpoint: origin, isLocal: isLocalEndpoint(origin) };
  } catch (cause) {
    throw new LambdaProxyError('CONFIGURATION', 'no request can be made; see region, profile and endpoint', { cause });
  }
}

/** The address is the same for all calls. */
const SAMPLE = {
  operation: 'Invoke',
  functionName: 'sample',
  qualifier: undefined,
  invocationType: 'DryRun',
  logType: 'None',
} as const;
