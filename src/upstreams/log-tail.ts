import type { Logger } from '../host/express-gateway';

/**
 * Writes the end of a function's log, which `logType: Tail` asks for, to the gateway's log. Its lines are indented: none of
 * them can pass for a line of the gateway.
 */
export function writeLogTail(logger: Logger, requestId: string, tail: string | undefined): void {
  if (tail === undefined) return;
  logger.info(`lambda-proxy log tail requestId=${requestId}\n${tail.trimEnd().replaceAll(/^/gm, '  ')}`);
}
