/** Bytes that come in pieces, in one place: each is copied a fixed number of times however small the pieces are. */
export class GrowingBuffer {
  #storage = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Everything so far. Valid until the next `append`. */
  get bytes(): Buffer {
    return this.#storage.subarray(0, this.#length);
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#storage.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#storage.length));
      this.#storage.copy(larger, 0, 0, this.#length);
      this.#storage = larger;
    }
    this.#storage.set(piece, this.#length);
    this.#length = length;
  }
}
