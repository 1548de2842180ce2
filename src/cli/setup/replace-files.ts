import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A file, and the text that it is to have. */
export interface Replacement {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Replaces all files, or none: everything is written beside them and checked there first.
 *
 * @param check gets the files that were written; what it throws leaves everything as it was
 */
export function replaceFiles(replacements: readonly Replacement[], check: (written: readonly string[]) => void): void {
  // A link stays one: what it points to is replaced.
  const targets = replacements.map(({ file }) => realpathSync(file));
  const drafts = targets.map((file) => path.join(path.dirname(file), `.${String(process.pid)}.${path.basename(file)}`));
  try {
    replacements.forEach(({ after }, index) => {
      const [target, draft] = [targets[index] ?? '', drafts[index] ?? ''];
      writeFileSync(draft, after, { flag: 'wx' });
      chmodSync(draft, statSync(target).mode);
    });
    check(drafts);
    moveAll(replacements, drafts, targets);
  } finally {
    for (const draft of drafts) rmSync(draft, { force: true });
  }
}

function moveAll(replacements: readonly Replacement[], drafts: readonly string[], targets: readonly string[]): void {
  const moved: number[] = [];
  try {
    targets.forEach((target, index) => {
      renameSync(drafts[index] ?? '', target);
      moved.push(index);
    });
  } catch (error) {
    for (const index of moved) writeFileSync(targets[index] ?? '', replacements[index]?.before ?? '');
    throw error;
  }
}
