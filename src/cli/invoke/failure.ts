import type { ErrorCode } from '../../errors/catalogue';
import { remedies } from '../../errors/remedies';

/** The line that the policy logs for a failed request. */
const FAILURE_LINE = /^lambda-proxy ([A-Z_]+) .* cause=(".*")$/;

/** A failure as the command says it: code, cause, and what to do. Undefined for any other line of the log. */
export function describeFailure(line: string): string | undefined {
  const [, code, cause] = FAILURE_LINE.exec(line) ?? [];
  if (code === undefined || cause === undefined || !Object.hasOwn(remedies, code)) return undefined;
  const remedy = remedies[code as ErrorCode].replaceAll('`', '');
  return `${code}: ${String(JSON.parse(cause))}. ${remedy}`.replaceAll(/\s+/g, ' ');
}
