import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildRequest, parseResponse, type RawResponse, type RequestParts } from './http-message';

export { buildRequest } from './http-message';
export type { RawResponse, RequestParts } from './http-message';

/** Where to connect: anything with a port, such as a `Gateway`. */
export interface Target {
  port: number;
  host?: string;
}

/** How the bytes of a request go out and how long to wait for the answer. */
export interface SendOptions {
  /** Send in pieces of this many bytes, `intervalMs` apart. */
  pieces?: { size: number; intervalMs: number };
  /** Close the connection after that many bytes of the request. */
  destroyAfter?: number;
  timeoutMs?: number;
}

/** For what never comes. What comes late comes on a busy machine, too. */
const TIMEOUT_MS = 60_000;

/** Sends one request over a connection of its own and reads the answer, as `buildRequest` and `RawClient` do. */
export async function rawRequest(target: Target, parts: RequestParts & SendOptions = {}): Promise<RawResponse> {
  const client = await RawClient.connect(target);
  try {
    await client.send(buildRequest(parts), parts);
    return await client.read({ method: parts.method ?? 'GET', timeoutMs: parts.timeoutMs ?? TIMEOUT_MS });
  } finally {
    client.destroy();
  }
}

/** One TCP connection that sends exactly what it is told and reads responses as they stand. */
export class RawClient {
  /** 1xx responses that came before the last final one. */
  readonly interim: RawResponse[] = [];
  /** Resolves when the connection is closed: true if by a proper end. */
  readonly closed: Promise<boolean>;
  #received = Buffer.alloc(0);
  #ended = false;
  #over = false;
  #changed: () => void = () => undefined;

  private constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#over = true;
        this.#changed();
        resolve(this.#ended);
      });
    });
    socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#changed();
    });
    socket.on('end', () => {
      this.#ended = true;
    });
    // A reset shows in `closed` and in `complete: false`; without a listener it would end the test process.
    socket.on('error', () => undefined);
  }

  /** Opens a connection. */
  static connect({ port, host = '127.0.0.1' }: Target): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host });
      socket.once('error', reject).once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  /** Bytes that came and were not read as a response yet. */
  get received(): Buffer {
    return this.#received;
  }

  /** Sends the bytes; resolves when the operating system took them, or the connection went away. */
  async send(bytes: string | Uint8Array, { pieces, destroyAfter = Infinity }: SendOptions = {}): Promise<void> {
    const all = Buffer.from(bytes as Uint8Array);
    const wanted = all.subarray(0, Math.min(destroyAfter, all.length));
    const { size, intervalMs } = pieces ?? { size: all.length, intervalMs: 0 };
    await this.#write(wanted.subarray(0, size));
    for (let start = size; start < wanted.length && !this.#over; start += size) {
      await sleep(intervalMs);
      await this.#write(wanted.subarray(start, start + size));
    }
    if (wanted.length < all.length) {
      this.destroy();
    }
  }

  /** Reads one final response; rejects when the connection closed before a head came, or when time is up. */
  async read({ method = 'GET', timeoutMs = TIMEOUT_MS } = {}): Promise<RawResponse> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const response = this.#take(method === 'HEAD');
      if (response !== undefined && response.statusCode < 200 && response.statusCode !== 101) {
        this.interim.push(response);
      } else if (response !== undefined) {
        return response;
      } else if (this.#over) {
        throw new Error(`The connection closed without a response; received ${this.#received.length} bytes`);
      } else {
        await this.#change(deadline);
      }
    }
  }

  /** Waits until that many bytes have come, e.g. the first piece of a streamed answer. */
  async readBytes(count: number, timeoutMs = TIMEOUT_MS): Promise<Buffer> {
    const deadline = Date.now() + timeoutMs;
    while (this.#received.length < count && !this.#over) {
      await this.#change(deadline);
    }
    return this.#received;
  }

  /** Waits until this text has come; rejects when the connection closes before. */
  async readUntil(text: string, timeoutMs = TIMEOUT_MS): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    while (!this.#received.includes(text)) {
      if (this.#over) {
        throw new Error(`The connection closed before "${text}" came:\n${this.#received.toString()}`);
      }
      await this.#change(deadline);
    }
    return this.#received.toString();
  }

  /** Stops reading, so that the other side feels back-pressure. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Closes at once. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Closes with a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Takes a response out of what was received, complete or cut off by the end of the connection. */
  #take(head: boolean): RawResponse | undefined {
    const parsed = parseResponse(this.#received, { head, ended: this.#ended });
    if (parsed === undefined || (!parsed.response.complete && !this.#over)) {
      return undefined;
    }
    this.#received = this.#received.subarray(parsed.consumed);
    return parsed.response;
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(bytes, () => {
        resolve();
      });
    });
  }

  async #change(deadline: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#changed = resolve;
      timer = setTimeout(
        () => {
          reject(
            new Error(`Timed out; received ${this.#received.length} bytes:\n${this.#received.toString('latin1')}`),
          );
        },
        Math.max(deadline - Date.now(), 0),
      );
    }).finally(() => {
      clearTimeout(timer);
    });
  }
}
