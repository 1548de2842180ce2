import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintOf } from './code-fingerprint';

/** A function's code as it is on disk now. */
export interface FunctionCode {
  readonly name: string;
  /** Folder that the function's code lies in: the function sees it as `LAMBDA_TASK_ROOT`. */
  readonly taskRoot: string;
  /** Absolute path of the module with the handler. */
  readonly file: string;
  /** As in a function's configuration: `index.handler`. */
  readonly handler: string;
  /** Differs as soon as a file below `taskRoot` does: each of them may be part of the function. */
  readonly fingerprint: string;
}

// The order in which Lambda's runtime tries them.
const extensions = ['.js', '.mjs', '.cjs'];

/**
 * Finds `<folder>/<name>.js` or `<folder>/<name>/index.js`, or the same with `.mjs` or `.cjs`.
 *
 * @param name Checked by `parseFunctionName`, so that it cannot lead out of the folder.
 * @returns undefined when there is no such file.
 */
export async function findFunction(folder: string, name: string): Promise<FunctionCode | undefined> {
  const places = [
    { taskRoot: folder, module: name },
    { taskRoot: join(folder, name), module: 'index' },
  ];
  for (const { taskRoot, module } of places) {
    for (const extension of extensions) {
      const file = join(taskRoot, module + extension);
      if (await isFile(file)) {
        return { name, taskRoot, file, handler: `${module}.handler`, fingerprint: await fingerprintOf(taskRoot) };
      }
    }
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
