'use strict';

const { unableToStringify } = require('./runtime-errors.js');

/**
 * Where the end of an invocation is reported.
 *
 * @typedef {object} CompletionTarget
 * @property {(payload: string) => void} result Takes JSON text.
 * @property {(error: unknown) => void} error
 * @property {(action: () => void) => void} whenLoopIsEmpty Replaces what happens once the function waits for nothing.
 */

/**
 * The ways in which a handler can say that it is done: by a callback, by the three methods of the context that Node.js
 * 0.10 had, or (by the caller's use of `succeed` and `fail`) by a promise. Only the first one counts.
 *
 * @param {CompletionTarget} target
 */
function createCompletion(target) {
  let done = false;
  /** Read when the callback is called: the handler may change it until then. */
  let waitsForEmptyEventLoop = true;

  /** @param {() => void} action */
  const once = (action) => {
    if (done) return;
    done = true;
    action();
  };
  /** @param {unknown} result */
  const complete = (result) => {
    const payload = toJson(result);
    if (payload === undefined) target.error(unableToStringify());
    else target.result(payload);
  };
  /** @param {unknown} error @param {unknown} result */
  const settle = (error, result) => {
    if (isMissing(error)) complete(result);
    else target.error(error);
  };

  return {
    /** @type {(error?: unknown, result?: unknown) => void} */
    callback: (error, result) =>
      once(() => {
        if (isMissing(error) && waitsForEmptyEventLoop) target.whenLoopIsEmpty(() => complete(result));
        else settle(error, result);
      }),
    /** @type {(error?: unknown, result?: unknown) => void} */
    done: (error, result) => once(() => settle(error, result)),
    /** @type {(result?: unknown) => void} */
    succeed: (result) => once(() => complete(result)),
    /** @type {(error?: unknown) => void} */
    fail: (error) => once(() => target.error(isMissing(error) ? 'handled' : error)),

    getWaitsForEmptyEventLoop: () => waitsForEmptyEventLoop,
    /** @type {(value: boolean) => void} */
    setWaitsForEmptyEventLoop: (value) => {
      waitsForEmptyEventLoop = value;
    },
  };
}

/** @param {unknown} value */
function isMissing(value) {
  return value === undefined || value === null;
}

/**
 * What has no JSON at all, such as a function, is null like undefined is.
 *
 * @param {unknown} result
 * @returns {string | undefined} undefined when it cannot be put into JSON.
 */
function toJson(result) {
  try {
    const json = /** @type {string | undefined} */ (JSON.stringify(result));
    return json ?? 'null';
  } catch {
    return undefined;
  }
}

module.exports = { createCompletion };
