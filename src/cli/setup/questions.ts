import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Terminal } from '../terminal';
import { UserError } from '../user-error';

/** Asks for one line; an empty answer is `fallback`. */
export type Ask = (question: string, fallback?: string) => Promise<string | undefined>;

/** Lets somebody answer questions, for as long as `action` takes; nobody, where input or output is no terminal. */
export async function withQuestions<T>(
  terminal: Terminal | undefined,
  action: (ask: Ask | undefined) => Promise<T>,
): Promise<T> {
  if (!terminal?.isInteractive) return action(undefined);
  const lines = createInterface({ input: terminal.input, output: terminal.output });
  // Ctrl-C, or the end of the input: the question would wait for ever.
  const closed = once(lines, 'close').then((): never => {
    throw new UserError('nothing was written');
  });
  closed.catch(() => undefined);
  const read = (text: string): Promise<string> => Promise.race([lines.question(text), closed]);
  try {
    return await action(async (question, fallback) => {
      const answer = await read(`${question}${fallback === undefined ? '' : ` [${fallback}]`}: `);
      return answer.trim() === '' ? fallback : answer.trim();
    });
  } finally {
    lines.close();
  }
}
