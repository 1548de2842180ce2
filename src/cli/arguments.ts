import { parseArgs } from 'node:util';
import type { Command } from './command';
import { UserError } from './user-error';

type Value = string | boolean | readonly (string | boolean)[] | undefined;

/** What was typed after a command's name. */
export class Arguments {
  constructor(
    readonly operand: string | undefined,
    private readonly values: Readonly<Record<string, Value>>,
  ) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.values[name];
    return Array.isArray(value) ? Array.from(value, String) : [];
  }

  has(name: string): boolean {
    return this.values[name] === true;
  }

  /** @throws UserError for anything but a number in these limits */
  number(name: string, minimum: number, maximum: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = text.trim() === '' ? NaN : Number(text);
    if (number >= minimum && number <= maximum) return number;
    throw new UserError(`--${name} must be a number from ${minimum} to ${maximum}, not ${JSON.stringify(text)}`);
  }
}

/** @throws UserError for what the command does not know */
export function parseArguments(command: Command, words: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { value, multiple = false }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
    ]),
  );
  const { values, positionals } = parse(words, options);
  const allowed = command.operand === undefined ? 0 : 1;
  const extra = positionals[allowed];
  if (extra !== undefined) throw new UserError(`unexpected argument ${JSON.stringify(extra)}`);
  const empty = Object.entries(values).find(
    ([, value]) => value === '' || (Array.isArray(value) && value.includes('')),
  );
  if (empty) throw new UserError(`--${empty[0]} is empty`);
  return new Arguments(positionals[0], values);
}

function parse(words: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    // Its first sentence says what is wrong, the others how quoting works.
    throw new UserError(error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? '') : String(error));
  }
}
