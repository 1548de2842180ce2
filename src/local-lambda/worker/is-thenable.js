'use strict';

/**
 * A promise, also of a library's own making.
 *
 * @param {unknown} value
 * @returns {value is PromiseLike<unknown>}
 */
function isThenable(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

module.exports = { isThenable };
