import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

/** A module as CommonJS code sees its own. */
interface PrivateModule {
  exports: unknown;
}

type Compiled = (exports: unknown, require: unknown, module: PrivateModule, filename: string, dirname: string) => void;

/** Jest's `require` of this file: TypeScript is compiled and coverage counted. */
const jestRequire: NodeJS.Require = require;

/**
 * The modules below one directory, loaded once per instance instead of once per process, unchanged.
 *
 * Express Gateway keeps its state in module singletons and requires some of them late (`./config` on each hot reload).
 * Jest answers a late `require` out of whatever registry is current, which after `jest.resetModules()` is not the one
 * the gateway was booted from. Here every `require` of the directory's files, early or late, is answered from the same
 * private cache; what lies outside (Express, the plugin) is loaded by Jest and remembered.
 */
export class IsolatedModules {
  readonly #modules = new Map<string, PrivateModule>();

  constructor(
    private readonly directory: string,
    private readonly replacements: Readonly<Record<string, (original: unknown) => unknown>>,
    private readonly onFailure: (file: string, error: unknown) => void,
  ) {}

  /** Loads what `request` names, resolved as if `from` (a file) required it. */
  require(request: string, from: string): unknown {
    if (isBuiltin(request)) {
      return jestRequire(request);
    }
    const file = jestRequire.resolve(request, { paths: [path.dirname(from)] });
    const known = this.#modules.get(file);
    if (known) {
      return known.exports;
    }
    return file.startsWith(this.directory + path.sep) || file.endsWith('.json')
      ? this.#loadPrivately(file)
      : this.#loadByJest(request, file);
  }

  #loadByJest(request: string, file: string): unknown {
    try {
      const loaded: unknown = jestRequire(file);
      const exports = Object.hasOwn(this.replacements, request) ? this.replacements[request]!(loaded) : loaded;
      this.#modules.set(file, { exports });
      return exports;
    } catch (error) {
      this.onFailure(file, error);
      throw error;
    }
  }

  #loadPrivately(file: string): unknown {
    const module: PrivateModule = { exports: {} };
    // Known before it has run: Express Gateway's modules require each other in circles.
    this.#modules.set(file, module);
    try {
      this.#run(file, module);
    } catch (error) {
      this.#modules.delete(file);
      throw error;
    }
    return module.exports;
  }

  #run(file: string, module: PrivateModule): void {
    const source = readFileSync(file, 'utf8');
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(source);
      return;
    }
    const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
    // `vm` would compile for the outer realm, whose `Promise` and `Error` are not those of the test.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const compiled = new Function(...parameters, `${source}\n//# sourceURL=${file}`) as Compiled;
    const require = (request: string): unknown => this.require(request, file);
    compiled(module.exports, Object.assign(require, { main: undefined }), module, file, path.dirname(file));
  }
}
