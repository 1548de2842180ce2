import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** The streams that a command talks through. */
export class Terminal {
  constructor(
    readonly input: Readable & { readonly isTTY?: boolean },
    readonly output: Writable & { readonly isTTY?: boolean },
    readonly errors: Writable,
  ) {}

  /** Whether somebody is there to answer a question. */
  get isInteractive(): boolean {
    return this.input.isTTY === true && this.output.isTTY === true;
  }

  print(line = ''): void {
    this.output.write(`${line}\n`);
  }

  complain(line: string): void {
    this.errors.write(`${line}\n`);
  }

  /** Colours for people only: https://no-color.org */
  style(style: Style, text: string): string {
    const isWanted = this.output.isTTY === true && (process.env.NO_COLOR ?? '') === '';
    return isWanted ? styleText(style, text, { validateStream: false }) : text;
  }
}
