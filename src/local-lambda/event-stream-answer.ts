import type { ServerResponse } from 'node:http';
import { invokeComplete, payloadChunk } from './event-stream';
import type { InvokeComplete } from './event-stream';
import type { OutputReader } from './output-reader';

/** An answer whose body is an event stream. Its head goes out with the first event. */
export class EventStreamAnswer implements OutputReader {
  readonly gone: AbortSignal;

  constructor(
    private readonly response: ServerResponse,
    private readonly headers: Readonly<Record<string, string>>,
  ) {
    const goneController = new AbortController();
    this.gone = goneController.signal;
    const checkGone = (): void => {
      if (!response.writableFinished) goneController.abort();
    };
    if (response.destroyed) checkGone();
    response.once('close', checkGone);
  }

  /** Taken is what the system has accepted for the connection: a client that does not read stops it. */
  take(bytes: Uint8Array, taken: () => void): void {
    this.write(bytes, taken);
  }

  write(bytes: Uint8Array, taken?: () => void): void {
    if (this.begin()) this.response.write(payloadChunk(bytes), taken);
  }

  complete(end: InvokeComplete): void {
    if (this.begin()) this.response.end(invokeComplete(end));
  }

  /** @returns Whether there is still a client. */
  private begin(): boolean {
    const { response } = this;
    if (response.destroyed) return false;
    if (!response.headersSent) {
      response.writeHead(200, { ...this.headers, 'Content-Type': 'application/vnd.amazon.eventstream' });
    }
    return true;
  }
}
