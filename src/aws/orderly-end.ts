import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { Pool } from 'undici';

/** What undici hangs onto a connection to read answers from it. */
interface AnswerParser {
  /** Whoever reads the answer is slower than the connection. */
  paused: boolean;
  readonly llhttp: { llhttp_resume(pointer: unknown): void };
  readonly ptr: unknown;
}

/**
 * A pool whose connections may end at any time.
 *
 * undici 7 throws, where nobody can catch it, when a connection ends while its answer waits for a slow reader: that would
 * end the process (https://github.com/nodejs/undici/issues/5360). undici 8 does not, and needs Node.js 22.
 *
 * @param options what an agent has for its pools, their way to connect included
 */
export function poolWithOrderlyEnds(origin: string | URL, options: object): Pool {
  const poolOptions = options as Pool.Options & { readonly connect: buildConnector.connector };
  return new Pool(origin, {
    ...poolOptions,
    connect: (target, callback) => {
      poolOptions.connect(target, (...outcome: buildConnector.CallbackArgs) => {
        const [, socket] = outcome;
        // Before undici adds listeners of its own, which are called last.
        socket?.on('end', wakeParser).on('error', renameReset);
        callback(...outcome);
      });
    },
  });
}

/** `end` comes when all bytes are parsed; a parser that still sleeps has nothing left to do but to notice. */
function wakeParser(this: Socket): void {
  const parser = parserOf(this);
  if (!parser?.paused) return;
  parser.llhttp.llhttp_resume(parser.ptr);
  parser.paused = false;
}

function parserOf(socket: Socket): AnswerParser | undefined {
  const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'parser');
  return key && ((socket as unknown as Record<symbol, unknown>)[key] as AnswerParser | undefined);
}

/**
 * A reset is the end of an answer without length for undici, asleep or not, because on macOS it can be. Here it is a
 * failure: no client must take half an answer for a whole one. undici goes by the code.
 */
function renameReset(error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET') error.code = 'UND_ERR_SOCKET';
}
