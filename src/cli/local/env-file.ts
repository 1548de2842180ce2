import { UserError } from '../user-error';

/** Variables of a file for this process, and so for the functions. As in Node, those that are set already win. */
export function loadEnvFile(file: string): void {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    throw new UserError(`--env ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
