import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A Redis on a port of this machine, with the commands that Express Gateway's users, keys and rate limits make use of; any
 * other one is an error.
 */
export interface RedisServer {
  readonly port: number;
  close(): Promise<void>;
}

type Reply = number | string | Error | readonly Reply[];
type Value = string | Map<string, string> | Set<string>;

/** https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export async function startRedisServer(): Promise<RedisServer> {
  const store = new Store();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    serve(socket, store);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** One connection. What stands between MULTI and EXEC is executed together; JavaScript lets nothing come in between. */
function serve(socket: Socket, store: Store): void {
  let rest = Buffer.alloc(0);
  let queue: string[][] | undefined;
  const answer = (words: string[]): Reply => {
    const name = words[0]?.toLowerCase();
    if (name === 'multi') {
      queue = [];
      return 'OK';
    }
    if (name === 'exec') {
      const queued = queue ?? [];
      queue = undefined;
      return queued.map((command) => store.execute(command));
    }
    if (queue === undefined) return store.execute(words);
    queue.push(words);
    return 'QUEUED';
  };
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let command = readCommand(rest); command !== undefined; command = readCommand(rest)) {
      rest = rest.subarray(command.length);
      socket.write(encode(answer(command.words)));
    }
  });
}

/** `*<words>`, then each word as `$<bytes>` and its bytes. Undefined until all of a command is there. */
function readCommand(bytes: Buffer): { words: string[]; length: number } | undefined {
  let position = 0;
  const readNumber = (): number | undefined => {
    const end = bytes.indexOf('\r\n', position);
    if (end < 0) return undefined;
    const number = Number(bytes.toString('latin1', position + 1, end));
    position = end + 2;
    return number;
  };
  const words: string[] = [];
  const count = readNumber();
  while (count !== undefined && words.length < count) {
    const length = readNumber();
    if (length === undefined || bytes.length < position + length + 2) return undefined;
    words.push(bytes.toString('utf8', position, position + length));
    position += length + 2;
  }
  return count === undefined ? undefined : { words, length: position };
}

function encode(reply: Reply): string {
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`;
  if (reply instanceof Error) return `-ERR ${reply.message}\r\n`;
  return `*${reply.length}\r\n${reply.map(encode).join('')}`;
}

class Store {
  readonly #values = new Map<string, Value>();
  readonly #expirations = new Map<string, number>();

  readonly #commands: Readonly<Record<string, (key: string, ...args: string[]) => Reply>> = {
    info: () => 'redis_version:7.0.0\r\nloading:0\r\n',
    hmset: (key, ...fields) => {
      const hash = this.#hash(key);
      for (let i = 0; i < fields.length; i += 2) hash.set(fields[i] ?? '', fields[i + 1] ?? '');
      this.#values.set(key, hash);
      return 'OK';
    },
    hgetall: (key) => [...this.#hash(key)].flat(),
    sadd: (key, ...members) => {
      const set = this.#set(key);
      const before = set.size;
      for (const member of members) set.add(member);
      this.#values.set(key, set);
      return set.size - before;
    },
    smembers: (key) => [...this.#set(key)],
    incr: (key) => {
      const value = Number(this.#get(key) ?? 0) + 1;
      this.#values.set(key, String(value));
      return value;
    },
    pexpire: (key, milliseconds) => {
      this.#expirations.set(key, Date.now() + Number(milliseconds));
      return 1;
    },
    pttl: (key) => {
      if (this.#get(key) === undefined) return -2;
      const expiration = this.#expirations.get(key);
      return expiration === undefined ? -1 : expiration - Date.now();
    },
  };

  execute([name = '', key = '', ...args]: readonly string[]): Reply {
    const command = this.#commands[name.toLowerCase()];
    return command === undefined ? new Error(`unknown command '${name}'`) : command(key, ...args);
  }

  #get(key: string): Value | undefined {
    if ((this.#expirations.get(key) ?? Infinity) <= Date.now()) {
      this.#expirations.delete(key);
      this.#values.delete(key);
    }
    return this.#values.get(key);
  }

  #hash(key: string): Map<string, string> {
    const value = this.#get(key);
    return value instanceof Map ? value : new Map<string, string>();
  }

  #set(key: string): Set<string> {
    const value = this.#get(key);
    return value instanceof Set ? value : new Set<string>();
  }
}
