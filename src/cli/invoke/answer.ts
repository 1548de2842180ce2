import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import type { Terminal } from '../terminal';
import { UserError } from '../user-error';

/** What belongs to the connection with this command, not to the answer. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

export function showHead(answer: IncomingMessage, terminal: Terminal): void {
  terminal.print(terminal.style('bold', `${answer.statusCode ?? ''} ${answer.statusMessage ?? ''}`.trim()));
  const { rawHeaders } = answer;
  rawHeaders.forEach((name, index) => {
    if (index % 2 === 0 && !OF_THE_CONNECTION.has(name.toLowerCase())) {
      terminal.print(`${name}: ${rawHeaders[index + 1] ?? ''}`);
    }
  });
  terminal.print();
}

/** Shows a body piece by piece as it comes, as long as it is text; of anything else only its size. */
export async function showBody(answer: IncomingMessage, terminal: Terminal): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isText = true;
  let length = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    length += piece.length;
    const text: string | undefined = isText ? decode(decoder, piece) : undefined;
    isText = text !== undefined;
    if (text !== undefined) terminal.output.write(text);
  }
  if (!isText) terminal.print(`(${length} bytes that are no text; --output FILE writes them)`);
  else if (length > 0) terminal.print();
}

function decode(decoder: TextDecoder, piece: Buffer): string | undefined {
  try {
    const text = decoder.decode(piece, { stream: true });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * Opens the file for a body before the call: a function must not run for an answer that is lost.
 * @throws UserError
 */
export async function openOutput(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w');
  } catch (error) {
    throw new UserError(`--output cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws whatever an answer throws that breaks off */
export async function saveBody(answer: IncomingMessage, file: FileHandle, terminal: Terminal): Promise<void> {
  const target = file.createWriteStream();
  await pipeline(answer, target);
  terminal.print(`(${target.bytesWritten} bytes written)`);
}
