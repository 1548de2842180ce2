'use strict';

const { Writable } = require('node:stream');
const { invalidStreamingOperation } = require('./runtime-errors.js');

/** @typedef {string | Uint8Array} Bytes */

/** The second argument of a streaming handler. What is written leaves through a window. */
class ResponseStream extends Writable {
  /**
   * Set by `HttpResponseStream.from`; the name is the one that the runtime uses.
   *
   * @type {((write: (bytes: Bytes) => void) => void) | undefined}
   */
  _onBeforeFirstWrite;

  /** @type {import('./send-window.js').SendWindow} */
  #window;
  #written = false;

  /**
   * @param {import('./send-window.js').SendWindow} window
   * @param {number | undefined} highWaterMark Bytes; undefined for the default of Node.js.
   */
  constructor(window, highWaterMark) {
    super(highWaterMark === undefined ? {} : { highWaterMark });
    this.#window = window;
  }

  /**
   * The type goes nowhere: the Invoke API has no place for it.
   *
   * @type {(contentType: string) => void}
   */
  setContentType = () => {
    if (this.#written) throw invalidStreamingOperation('Cannot set content-type, too late.');
  };

  /**
   * `end` with a chunk does not come by here, neither does it in Lambda's runtime.
   *
   * @param {unknown} chunk What is neither text nor bytes is written as JSON.
   * @param {BufferEncoding | ((error: Error | null | undefined) => void)} [encoding]
   * @param {(error: Error | null | undefined) => void} [callback]
   * @override
   */
  write(chunk, encoding, callback) {
    if (!this.#written) {
      this.#written = true;
      this._onBeforeFirstWrite?.((bytes) => super.write(bytes));
    }
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return super.write(isBytes ? chunk : JSON.stringify(chunk), /** @type {BufferEncoding} */ (encoding), callback);
  }

  /**
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {() => void} callback
   * @override
   */
  _write(chunk, _encoding, callback) {
    this.#window.send(chunk, callback);
  }

  /**
   * @param {Error | null} error
   * @param {(error: Error | null) => void} callback
   * @override
   */
  _destroy(error, callback) {
    this.#window.close();
    callback(error);
  }
}

module.exports = { ResponseStream };
