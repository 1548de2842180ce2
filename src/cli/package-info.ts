import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface PackageInfo {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** The package.json of the package that a file belongs to: the nearest one above it that has a name. */
export function packageOf(file: string): Partial<PackageInfo> | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const found = readPackage(path.join(folder, 'package.json'));
    if (found?.name !== undefined) return found;
    if (folder === path.dirname(folder)) return undefined;
  }
}

function readPackage(file: string): Partial<PackageInfo> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<PackageInfo>;
  } catch {
    return undefined;
  }
}

/** This package itself. */
export function ownPackage(): PackageInfo {
  return packageOf(__filename) as PackageInfo;
}
