const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const OPEN_BRACE = 0x7b;
const COMMA = 0x2c;
const NUL = 0x00;
const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Finds the end of the JSON object that bytes begin with, and the keys at its top, looking at each byte once however they
 * arrive. It does not check the JSON inside, but for a NUL, which JSON does not know: whoever parses it will.
 */
export class JsonObjectScanner {
  /** Where the object ends (exclusive), once it has. */
  end: number | undefined;
  /** The bytes do not begin with an object, or it breaks off. */
  isBroken = false;
  readonly keys: string[] = [];
  #position = 0;
  #depth = 0;
  #stringStart: number | undefined;
  /** At the top level, the next string is a key. */
  #expectsKey = false;

  /** @param bytes everything so far, the bytes of earlier calls included */
  scan(bytes: Buffer): void {
    while (this.end === undefined && !this.isBroken && this.#position < bytes.length) {
      if (this.#stringStart === undefined) this.#structure(bytes);
      else this.#string(bytes, this.#stringStart);
    }
  }

  /** One byte outside of strings. */
  #structure(bytes: Buffer): void {
    const byte = bytes[this.#position] ?? 0;
    if (byte === NUL || (this.#depth === 0 && byte !== OPEN_BRACE)) this.isBroken = true;
    else if (byte === QUOTE) this.#stringStart = this.#position;
    else if (OPENING.has(byte)) this.#expectsKey = ++this.#depth === 1;
    else if (CLOSING.has(byte)) this.#close();
    else if (this.#depth === 1) this.#topLevel(byte);
    this.#position += 1;
  }

  #topLevel(byte: number): void {
    if (byte === COMMA) this.#expectsKey = true;
    else if (this.#expectsKey && !WHITE_SPACE.has(byte)) this.isBroken = true;
  }

  #close(): void {
    this.#depth -= 1;
    this.#expectsKey = false;
    if (this.#depth === 0) this.end = this.#position + 1;
  }

  /** The rest of a string, as far as it is there. */
  #string(bytes: Buffer, start: number): void {
    for (let at = Math.max(this.#position, start + 1); at < bytes.length; at += 1) {
      if (bytes[at] === QUOTE || bytes[at] === NUL) {
        this.#endString(bytes, start, at);
        return;
      }
      if (bytes[at] === BACKSLASH) at += 1;
      this.#position = at + 1;
    }
  }

  #endString(bytes: Buffer, start: number, quote: number): void {
    this.isBroken = bytes[quote] === NUL;
    this.#position = quote + 1;
    this.#stringStart = undefined;
    if (!this.#expectsKey || this.#depth !== 1) return;
    this.#expectsKey = false;
    this.keys.push(bytes.toString('utf8', start + 1, quote));
  }
}
