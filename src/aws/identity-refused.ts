/**
 * Refusals for which the credentials, or the clock behind their signature, are to blame. Lambda checks both before
 * anything else, so nothing was executed.
 * https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
 */
const NAMES: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

export function isIdentityRefused(thrown: unknown): boolean {
  return thrown instanceof Error && isIdentityRefusal(thrown.name);
}

/** @param name of an exception of AWS */
export function isIdentityRefusal(name: string): boolean {
  return NAMES.has(name);
}
