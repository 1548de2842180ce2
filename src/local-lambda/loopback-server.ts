import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that only programs on this machine reach. */
export interface LoopbackServer {
  readonly port: number;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

// Long enough that a client's pool of connections outlives pauses between its calls.
const keepAliveTimeoutMs = 60_000;
const attemptsForAnyPort = 5;

/**
 * Listens on 127.0.0.1 and, where the machine has IPv6, on ::1 with the same port: `localhost` may mean either. No other
 * address can be chosen, for whoever reaches the server runs code with it.
 *
 * @param port 0 takes any free one.
 * @throws {Error} One line; `code` is the system's, such as `EADDRINUSE`.
 */
export async function listenOnLoopback(listener: RequestListener, port: number): Promise<LoopbackServer> {
  for (let attempt = 1; ; attempt++) {
    const ipv4 = await listen(listener, '127.0.0.1', port);
    const chosenPort = (ipv4.address() as AddressInfo).port;
    try {
      const ipv6 = await listenIfAvailable(listener, '::1', chosenPort);
      const servers = ipv6 ? [ipv4, ipv6] : [ipv4];
      return { port: chosenPort, close: () => closeAll(servers) };
    } catch (error) {
      await closeAll([ipv4]);
      // The system chose a port that is free on 127.0.0.1 only.
      if (port !== 0 || attempt === attemptsForAnyPort) throw error;
    }
  }
}

async function listenIfAvailable(listener: RequestListener, host: string, port: number): Promise<Server | undefined> {
  try {
    return await listen(listener, host, port);
  } catch (error) {
    if (isErrorWithCode(error) && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code)) return undefined;
    throw error;
  }
}

function listen(listener: RequestListener, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, listener);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
      reject(
        Object.assign(new Error(`Local Lambda: cannot listen on ${host}:${port}: ${reason}`), { code: error.code }),
      );
    });
    server.listen({ host, port, ipv6Only: host === '::1' }, () => {
      resolve(server);
    });
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        }),
    ),
  );
}

function isErrorWithCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
