import type { ErrorCode } from './catalogue';

/** What an operator can do about each failure, as in the README. */
export const remedies: Readonly<Record<ErrorCode, string>> = {
  BODY_UNREADABLE: 'Nothing; the client failed.',
  PATH_REFUSED: 'Nothing; a client tried. A `functionUrl` without a path lets everything through.',
  REQUEST_TOO_LARGE: 'Upload elsewhere, to S3 for instance, and send a reference.',
  CLIENT_CLOSED: 'Nothing. Many of these: the function is slower than clients wait.',
  FUNCTION_ERROR: "See the function's log; `logType: Tail` brings its end here.",
  MALFORMED_RESULT: 'Correct what the function returns.',
  FUNCTION_NOT_FOUND: 'Check `functionName`, `qualifier` and `region`.',
  ACCESS_DENIED: 'Give the role the permission `lambda:InvokeFunction` for this function.',
  CREDENTIALS: 'Check the environment that the SDK looks at; the cause names it.',
  INVOKE_REFUSED: 'Do as the exception says.',
  UPSTREAM_UNAVAILABLE: 'Check network, `endpoint` or `functionUrl`, and proxy.',
  THROTTLED: "Check the function's reserved concurrency, and the account's quota.",
  OVERLOADED: 'Make the function faster, or raise the limits.',
  CONFIGURATION: 'Correct what the cause names.',
  TIMEOUT: 'Make the function faster, or `timeout` larger.',
  INTERNAL: 'The cause says which it was.',
};
