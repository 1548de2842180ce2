/** A configuration that the gateway must not start with. The message lists every fault, in one line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
