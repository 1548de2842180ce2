import { ConfigurationError } from '../errors/configuration-error';

/** What the person at the keyboard can mend: one line on stderr, exit status 2, no stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** What `read` gives; settings that the gateway would not start with are the user's to mend, by the same message. */
export function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConfigurationError ? new UserError(error.message) : error;
  }
}
