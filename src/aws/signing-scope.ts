/** What a signature is valid for. */
export interface SigningScope {
  /** As AWS names it in signatures: `lambda`, `execute-api`. */
  readonly service: string;
  readonly region: string;
}

/**
 * Host names of AWS that say what to sign for. The suffixes are those of AWS and of its regions in China.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
 */
const HOSTS: readonly (readonly [service: string, host: RegExp])[] = [
  ['lambda', /^[^.]+\.lambda-url\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn)$/],
  ['execute-api', /^[^.]+\.execute-api\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/],
];

/** The scope that the host name of a URL tells, or undefined: a domain of one's own tells none. */
export function signingScopeOf(url: string): SigningScope | undefined {
  const { hostname } = new URL(url);
  for (const [service, host] of HOSTS) {
    const region = host.exec(hostname)?.[1];
    if (region !== undefined) return { service, region };
  }
  return undefined;
}
