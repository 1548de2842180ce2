import { types } from 'node:util';

/**
 * Makes errors that Node's core creates `instanceof Error` inside Jest, as they are outside.
 *
 * A test file runs in a realm with an `Error` of its own, while `ECONNRESET` and its like come from the outer one. The
 * SDK tests `instanceof Error` and wraps what fails, so that `code` is lost: production code would see other errors
 * under Jest than in a gateway. Importing this file is enough.
 */
const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  configurable: true,
  value(this: unknown, value: unknown): boolean {
    // Subclasses inherit this function and must keep their own answer.
    return ordinary.call(this as () => void, value) || (this === Error && types.isNativeError(value));
  },
});
