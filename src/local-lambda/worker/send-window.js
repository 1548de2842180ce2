'use strict';

/** Bytes that may be on their way to the reader. Without a bound a slow one would fill the server's memory. */
const windowSize = 262_144;

/** Bytes of a message, so that one write larger than the window gets through. */
const pieceSize = 65_536;

/**
 * Sends bytes in pieces, and waits while the reader is too far behind.
 */
class SendWindow {
  /** @type {(piece: Uint8Array<ArrayBuffer>) => void} */
  #post;
  /** @type {(waiting: boolean) => void} */
  #setWaiting;
  #unread = 0;
  /** @type {Uint8Array} */
  #rest = new Uint8Array(0);
  /** @type {(() => void) | undefined} */
  #done;

  /**
   * @param {(piece: Uint8Array<ArrayBuffer>) => void} post Gets pieces with a buffer of their own.
   * @param {(waiting: boolean) => void} setWaiting Told when sending waits for the reader, and when it no longer does.
   */
  constructor(post, setWaiting) {
    this.#post = post;
    this.#setWaiting = setWaiting;
  }

  /**
   * Called again only after `done` was.
   *
   * @param {Uint8Array} bytes
   * @param {() => void} done Called once all of it is on its way.
   */
  send(bytes, done) {
    this.#rest = bytes;
    this.#done = done;
    this.#advance();
    if (this.#waiting) this.#setWaiting(true);
  }

  /** @param {number} size What the reader has taken. */
  taken(size) {
    this.#unread -= size;
    if (!this.#waiting) return;
    this.#advance();
    if (!this.#waiting) this.#setWaiting(false);
  }

  /** What is not sent yet is given up. */
  close() {
    if (this.#waiting) this.#setWaiting(false);
    this.#done = undefined;
  }

  get #waiting() {
    return this.#done !== undefined;
  }

  #advance() {
    while (this.#rest.length > 0 && this.#unread < windowSize) {
      // A copy: a message with a part of a buffer would take the whole buffer along, and small ones share 8 KB.
      const piece = new Uint8Array(this.#rest.subarray(0, pieceSize));
      this.#rest = this.#rest.subarray(piece.length);
      this.#unread += piece.length;
      this.#post(piece);
    }
    if (this.#rest.length > 0) return;
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}

module.exports = { SendWindow };
