import { stripVTControlCharacters } from 'node:util';
import { Writable } from 'node:stream';

/** The part of `winston` that is replaced. */
interface Winston {
  transports: { Stream: new (options: { stream: Writable }) => object };
}

/** Splits what was logged into lines without colours and without the time stamp. */
export function logLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, ''))
    .filter((line) => line !== '');
}

/** A `winston` whose Console transport writes into `lines` instead of the terminal. */
export function captureWinston(winston: unknown, lines: string[]): unknown {
  const original = winston as Winston;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...logLines(chunk.toString()));
      done();
    },
  });
  class Console extends original.transports.Stream {
    constructor() {
      super({ stream });
    }
  }
  // Inherited, because winston declares its exports as getters that cannot be spread or replaced.
  const transports: unknown = Object.create(original.transports, { Console: { value: Console } });
  return Object.create(original, { transports: { value: transports } });
}
