import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { findFunction } from '../../local-lambda/function-code';

/** The names of the functions in a folder, as the local Lambda finds them. */
export async function listFunctions(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .map((entry) => (entry.isFile() ? path.parse(entry.name).name : entry.name));
  const found = await Promise.all([...new Set(names)].map((name) => findFunction(folder, name)));
  return found.flatMap((code) => (code ? [code.name] : [])).sort();
}
