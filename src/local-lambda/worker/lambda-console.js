'use strict';

const { format } = require('node:util');
const { toLogText } = require('./runtime-errors.js');

/**
 * Makes `console` write as it does in Lambda, `<time> TAB <request id> TAB <level> TAB <text>`, and takes in what is
 * written to standard output and standard error.
 *
 * @param {(text: string) => void} write Gets text without the line break at its end.
 */
function createLambdaConsole(write) {
  /** What the module writes while it is loaded belongs to no request; Lambda's log says "undefined" then. */
  let requestId = 'undefined';

  /** @param {string} level */
  const logger =
    (level) =>
    /** @param {readonly unknown[]} values */
    (...values) =>
      write([new Date().toISOString(), requestId, level, format(...values)].join('\t'));

  const info = logger('INFO');
  const error = logger('ERROR');
  Object.assign(console, {
    trace: logger('TRACE'),
    debug: logger('DEBUG'),
    info,
    log: info,
    warn: logger('WARN'),
    error,
    fatal: logger('FATAL'),
  });
  Object.assign(process.stdout, { write: streamWrite(write) });
  Object.assign(process.stderr, { write: streamWrite(write) });

  return {
    /** @param {string} id */
    setRequestId(id) {
      requestId = id;
    },
    /**
     * @param {string} title
     * @param {unknown} cause
     */
    logError(title, cause) {
      error(title, toLogText(cause));
    },
  };
}

/**
 * Stands in for a stream's `write`: the stream itself would bring its data later than the result, and to this process'
 * own output.
 *
 * @param {(text: string) => void} write
 */
function streamWrite(write) {
  /**
   * @param {string | Uint8Array} chunk
   * @param {unknown} [encodingOrCallback]
   * @param {unknown} [callback]
   */
  return (chunk, encodingOrCallback, callback) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    write(text.endsWith('\n') ? text.slice(0, -1) : text);
    const done = typeof encodingOrCallback === 'function' ? encodingOrCallback : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
}

module.exports = { createLambdaConsole };
