import { limits } from './limits';
import type { OutputReader } from './output-reader';

/** The whole output of a streaming handler, for a caller who asked for the result in one piece. */
export class CollectedOutput implements OutputReader {
  /** The caller of an ordinary invocation may go away without its end, as in Lambda. */
  readonly gone: AbortSignal = new AbortController().signal;
  private readonly pieces: Uint8Array[] = [];
  private size = 0;

  take(bytes: Uint8Array, taken: () => void): void {
    this.size += bytes.length;
    // Beyond the limit the result is lost anyway; the function may still run to its end.
    if (!this.tooLarge) this.pieces.push(bytes);
    taken();
  }

  get tooLarge(): boolean {
    return this.size > limits.result;
  }

  bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}
