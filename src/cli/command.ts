import type { Arguments } from './arguments';
import type { Terminal } from './terminal';

/** An option of a command, as `--help` shows it and `parseArgs` reads it. */
export interface Flag {
  /** Name of the value in the help text; a flag without one is a switch. */
  readonly value?: string;
  readonly summary: string;
  /** May be given several times. */
  readonly multiple?: boolean;
}

/** Exit statuses. Also those of `doctor`, which scripts read. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** What a command does; lives in a module of its own, so that `--help` loads no SDK. */
export interface CommandModule {
  /** @throws UserError, and anything else for a fault of this program */
  run(args: Arguments, terminal: Terminal): Promise<ExitStatus>;
}

/** One sub-command. Parsing and help texts are made from this. */
export interface Command {
  readonly summary: string;
  /** What stands beside the flags, `[folder]` for instance; at most one word. */
  readonly operand?: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Further lines for its own help. */
  readonly notes: readonly string[];
  load(): Promise<CommandModule>;
}
