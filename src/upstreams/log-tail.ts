import type { Logger } from '../host/express-gateway';

/** Everything that moves a terminal's cursor or ends a line, except the line feed and the tab. */
const CONTROL_CHARACTERS = /\p{Zl}|\p{Zp}|(?!\t)\p{Cc}/gu;

/**
 * Writes the end of a function's log, which `logType: Tail` asks for, to the gateway's log. Its lines are indented and
 * plain: none of them can pass for a line of the gateway.
 */
export function writeLogTail(logger: Logger, requestId: string, tail: string | undefined): void {
  if (tail === undefined) return;
  const lines = tail
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line.replace(CONTROL_CHARACTERS, ' ')}`);
  logger.info([`lambda-proxy log tail requestId=${requestId}`, ...lines].join('\n'));
}
