import { parseArguments } from './arguments';
import type { Command, ExitStatus } from './command';
import { EXIT } from './command';
import { commands } from './commands';
import { commandHelp, generalHelp } from './help';
import { ownPackage } from './package-info';
import type { Terminal } from './terminal';
import { UserError } from './user-error';

/** Runs one command line. Never rejects. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    terminal.complain(`eg-lambda: ${describe(error)}`);
    return error instanceof UserError ? EXIT.usage : EXIT.failed;
  }
}

async function dispatch([name, ...words]: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return show(generalHelp(), terminal);
  if (name === '--version' || name === '-v') return show(ownPackage().version, terminal);
  if (!isCommand(name)) {
    throw new UserError(`no such command ${JSON.stringify(name)}; there are ${Object.keys(commands).join(', ')}`);
  }
  const command: Command = commands[name];
  if (words.includes('--help') || words.includes('-h')) return show(commandHelp(name, command), terminal);
  const args = parseArguments(command, words);
  return (await command.load()).run(args, terminal);
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}

function show(text: string, terminal: Terminal): ExitStatus {
  terminal.print(text);
  return EXIT.ok;
}

/** A user's mistake is its message; of a fault of ours the stack can be had. */
function describe(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const isStackWanted = (process.env.EG_LAMBDA_DEBUG ?? '') !== '';
  if (isStackWanted) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return `${line} (unexpected; EG_LAMBDA_DEBUG=1 shows the stack)`;
}
