import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Names the state of all files below a folder, without `node_modules` and hidden files, by what `stat` says of them.
 *
 * Asked at each invocation rather than learned from `fs.watch`: nothing has to be kept open, no event can be missed or
 * come late, and a few dozen `stat` calls take about a millisecond. Links to folders are not followed, so that the walk
 * ends.
 */
export async function fingerprintOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const relevant = entries.filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'));
  const states = await Promise.all(
    relevant.map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? fingerprintOf(path) : fileState(path);
    }),
  );
  return states.sort().join('\n');
}

/** The time of change (`ctime`) moves with every write, even where a tool puts `mtime` back. */
async function fileState(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? [path, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ') : `${path} gone`;
}
