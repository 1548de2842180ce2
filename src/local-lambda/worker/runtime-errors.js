'use strict';

const { isNativeError } = require('node:util').types;

/** An error of Lambda's runtime, known by its `name`. */
class RuntimeError extends Error {
  /**
   * @param {string} name
   * @param {string} message
   */
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

/** @param {unknown} cause */
const importModuleError = (cause) => new RuntimeError('ImportModuleError', String(cause));

/** @param {unknown} cause */
const userCodeSyntaxError = (cause) => new RuntimeError('UserCodeSyntaxError', String(cause));

/** @param {string} message */
const handlerNotFound = (message) => new RuntimeError('HandlerNotFound', message);

/** @param {string} message */
const invalidStreamingOperation = (message) => new RuntimeError('InvalidStreamingOperation', message);

/** @param {unknown} reason */
const unhandledRejection = (reason) =>
  Object.assign(new RuntimeError('UnhandledPromiseRejection', String(reason)), { reason });

/** An async handler waits for a promise that nothing will ever settle. */
const nodeJsExit = () =>
  new RuntimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that ' +
      'was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );

/** The runtime throws a plain Error here. */
const unableToStringify = () => new Error('Unable to stringify response body');

/**
 * An error as the caller gets it, as JSON text.
 *
 * @param {unknown} error Whatever was thrown.
 */
function toErrorPayload(error) {
  try {
    return JSON.stringify(toErrorObject(error));
  } catch {
    return JSON.stringify({
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    });
  }
}

/** @param {unknown} error */
function toErrorObject(error) {
  if (isErrorLike(error)) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/**
 * An Error, also one of another realm or of a library's own making.
 *
 * @param {unknown} value
 * @returns {value is Error}
 */
function isErrorLike(value) {
  if (isNativeError(value)) return true;
  const { name, message, stack } = Object(value);
  return [name, message, stack].every((part) => typeof part === 'string' && part !== '');
}

/**
 * An error as the runtime writes it into the log: after a tab, as JSON with the properties that the error has besides.
 *
 * @param {unknown} error
 */
function toLogText(error) {
  try {
    return `\t${JSON.stringify(isNativeError(error) ? error : new Error(String(error)), withErrorProperties)}`;
  } catch {
    return `\t${toErrorPayload(error)}`;
  }
}

/**
 * @param {string} _key
 * @param {unknown} value
 */
function withErrorProperties(_key, value) {
  if (!isNativeError(value)) return value;
  const { name, message, stack } = value;
  return { errorType: name, errorMessage: message, ...value, stack: String(stack).split('\n') };
}

module.exports = {
  handlerNotFound,
  importModuleError,
  invalidStreamingOperation,
  nodeJsExit,
  toErrorPayload,
  toLogText,
  unableToStringify,
  unhandledRejection,
  userCodeSyntaxError,
};
