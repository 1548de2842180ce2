import type { LambdaProxyError } from './lambda-proxy-error';

/** What the log line says beside the error itself. */
export interface FailureContext {
  readonly status: number;
  readonly function: string;
  readonly qualifier: string;
  readonly requestId: string;
  readonly attempts: number;
  /** The stage that the request had reached. */
  readonly phase: string;
  /** Milliseconds since the policy received the request. */
  readonly ms: number;
}

/** A cause is cut here: a function may put anything into its error message. */
const MAX_CAUSE_LENGTH = 500;

/**
 * The one line that the gateway's log gets for a failed request. Values are quoted as JSON, so that a line break in an
 * error message cannot forge a second line.
 */
export function failureLine(error: LambdaProxyError, context: FailureContext): string {
  const fields = Object.entries({ ...context, cause: describeChain(error) }).map(
    ([name, value]) => `${name}=${typeof value === 'number' ? String(value) : quote(value)}`,
  );
  return `lambda-proxy ${error.code} ${fields.join(' ')}`;
}

/** JSON leaves some characters as they are that log readers take for line breaks or terminals for commands. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The messages of an error and of its causes, outermost first. */
export function describeChain(error: Error): string {
  const parts: string[] = [error.message];
  for (let cause = error.cause; cause !== undefined && parts.length < 5;) {
    parts.push(describe(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  const text = parts.filter((part) => part !== '').join(': ');
  return text.length > MAX_CAUSE_LENGTH ? `${text.slice(0, MAX_CAUSE_LENGTH)}…` : text;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause === 'string' ? cause : typeof cause;
  const code = (cause as NodeJS.ErrnoException).code;
  const name = code ?? cause.name;
  return cause.message === '' ? name : `${name}: ${cause.message}`;
}

/** Any thrown value, in one quoted text. */
export function describeError(thrown: unknown): string {
  return quote(describe(thrown).slice(0, MAX_CAUSE_LENGTH));
}
