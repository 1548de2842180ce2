import { ConfigurationError } from '../errors/configuration-error';
import { isHttpUrl } from '../http/http-url';
import { LOOPBACK_HOSTS } from './loopback';

/** Which proxy stands between the gateway and AWS. */
export interface OutboundProxy {
  /** URL of the proxy for `http:` and for `https:` endpoints; empty for none. */
  readonly httpProxy: string;
  readonly httpsProxy: string;
  /** Hosts that are reached directly, comma separated. */
  readonly noProxy: string;
}

/**
 * Addresses that answer on the machine itself only: metadata of EC2, ECS and EKS. A proxy would ask its own machine, and
 * hand out its own role.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-config-ipv6.html
 */
const METADATA = ['169.254.169.254', '169.254.170.2', '169.254.170.23', '[fd00:ec2::254]', '[fd00:ec2::23]'];

/**
 * The proxy that `proxyUrl` or the environment asks for, or undefined.
 * @throws ConfigurationError
 */
export function outboundProxy(
  proxyUrl: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): OutboundProxy | undefined {
  if (proxyUrl !== undefined) return { httpProxy: proxyUrl, httpsProxy: proxyUrl, noProxy: METADATA.join() };
  const httpProxy = proxyVariable(env, 'HTTP_PROXY');
  const httpsProxy = proxyVariable(env, 'HTTPS_PROXY');
  if (httpProxy === '' && httpsProxy === '') return undefined;
  const noProxy = variable(env, 'NO_PROXY');
  // As the only entry `*` means every host; among others it would mean none.
  if (noProxy === '*') return undefined;
  // A proxy elsewhere cannot reach this machine's loopback; Go's and Python's proxy rules leave it out as well.
  return { httpProxy, httpsProxy, noProxy: [noProxy, ...METADATA, ...LOOPBACK_HOSTS].join() };
}

function proxyVariable(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = variable(env, name);
  if (value !== '' && !isHttpUrl(value)) {
    throw new ConfigurationError(`${name} of the environment must be a URL that begins with http:// or https://`);
  }
  return value;
}

/** Both spellings are in use; the small one wins where both are there, as in curl. */
function variable(env: Readonly<Record<string, string | undefined>>, name: string): string {
  return (env[name.toLowerCase()] ?? env[name] ?? '').trim();
}
