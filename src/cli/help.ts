import type { Command, Flag } from './command';
import { commands } from './commands';

export function generalHelp(): string {
  return [
    'Usage: eg-lambda <command> [options]',
    '',
    'AWS Lambda functions behind Express Gateway: what surrounds the policy lambda-proxy.',
    '',
    ...columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    '',
    ...columns([
      ['<command> --help', 'The options of a command.'],
      ['--version', 'The version of this package.'],
    ]),
  ].join('\n');
}

export function commandHelp(name: string, { summary, operand, flags, notes }: Command): string {
  const usage = ['eg-lambda', name, ...(operand === undefined ? [] : [operand]), '[options]'].join(' ');
  return [
    `Usage: ${usage}`,
    '',
    summary,
    '',
    ...columns(Object.entries(flags).map(([flag, definition]) => [spelling(flag, definition), definition.summary])),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function spelling(name: string, { value, multiple = false }: Flag): string {
  return `--${name}${value === undefined ? '' : ` ${value}`}${multiple ? ' …' : ''}`;
}

/** Two columns, the first as wide as its longest entry. */
function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}
