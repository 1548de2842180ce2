import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectProxy {
  readonly url: string;
  /** What was asked for by CONNECT, `host:port`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/**
 * An outbound proxy that leads every tunnel to one port of this machine, whatever host is asked for.
 *
 * @param status what it answers to CONNECT; tunnels are opened for 200 only
 */
export async function startConnectProxy(port: number, status = 200): Promise<ConnectProxy> {
  const asked: string[] = [];
  const tunnels = new Set<Duplex>();
  const server = createServer();
  server.on('connect', (request, client) => {
    asked.push(request.url ?? '');
    client.on('error', () => undefined);
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    tunnels.add(client);
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
        // The server has forgotten the connections that it gave away.
        tunnels.forEach((tunnel) => tunnel.destroy());
      }),
  };
}
