import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ConfigFiles } from '../config-folder';
import type { Host, HostConfiguration } from '../host';
import type { Terminal } from '../terminal';
import { UserError } from '../user-error';
import { addEntries } from './edit-yaml';
import { lineDiff } from './line-diff';
import type { Plan } from './plan';
import type { Replacement } from './replace-files';
import { replaceFiles } from './replace-files';
import { withEntries } from './with-entries';

/** The system file first: a running gateway that reads the other one earlier would not know the policy, and end. */
const TYPES = ['system', 'gateway'] as const;

/** One of the two files with what is added to it. */
export interface Change extends Replacement {
  readonly type: (typeof TYPES)[number];
}

/** The files that a plan changes, as they are and as they will be. */
export function changesOf(files: ConfigFiles, plan: Plan): readonly Change[] {
  return TYPES.filter((type) => plan[type].length > 0).map((type) => {
    const file = files[type];
    const before = readFileSync(file, 'utf8');
    try {
      return { type, file, before, after: addEntries(before, plan[type]) };
    } catch (error) {
      throw error instanceof UserError ? byHand(file, error.message) : error;
    }
  });
}

export function showChanges(changes: readonly Change[], terminal: Terminal): void {
  const styles = { '+': 'green', '-': 'red', ' ': 'dim' } as const;
  for (const { file, before, after } of changes) {
    terminal.print(terminal.style('bold', path.relative('', file)));
    for (const { sign, text } of lineDiff(before, after))
      terminal.print(terminal.style(styles[sign], `${sign} ${text}`));
    terminal.print();
  }
}

/**
 * Writes the files, after the host has read them: they must mean what they meant, and what was added.
 * @throws UserError
 */
export function writeChanges(changes: readonly Change[], files: ConfigFiles, host: Host, plan: Plan): void {
  const before = host.read(files);
  replaceFiles(changes, (drafts) => {
    const written = Object.fromEntries(changes.map(({ type }, index) => [type, drafts[index] ?? '']));
    const after = host.read({ ...files, ...written });
    const wrong = changes.find(({ type }) => !isDeepStrictEqual(after[type], expected(type, before, plan)));
    if (wrong) throw byHand(wrong.file, 'it would not read as it should afterwards');
  });
}

function expected(type: Change['type'], before: HostConfiguration, plan: Plan): unknown {
  return withEntries(before[type], plan[type]);
}

function byHand(file: string, why: string): UserError {
  return new UserError(`${file} must be changed by hand (${why}); the README says how`);
}
