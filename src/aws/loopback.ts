/** The names of this machine itself, as URLs spell them. */
export const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'] as const;

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** @param hostname of a URL */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
