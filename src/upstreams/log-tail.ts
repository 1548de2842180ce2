import type { Logger } from '../host/express-gateway';

/** Writes the end of a function's log, which `logType: Tail` asks for, to the gateway's log. */
export function writeLogTail(logger: Logger, requestId: string, tail: string | undefined): void {
  if (tail !== undefined) logger.info(`lambda-proxy log tail requestId=${requestId}\n${tail}`);
}
