import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import path from 'node:path';
import { createServer } from 'node:tls';

/** File of this folder's certificates. */
export const certificate = (name: string): string => path.join(__dirname, 'certificates', name);

export interface TlsFront {
  readonly url: string;
  close(): Promise<void>;
}

/** TLS in front of a plain port. An endpoint that is not plain HTTP is no local one, and gets no stand-in credentials. */
export async function startTlsFront(port: number): Promise<TlsFront> {
  const identity = { key: readFileSync(certificate('server.key.pem')), cert: readFileSync(certificate('server.pem')) };
  const sockets = new Set<Socket>();
  const server = createServer(identity, (client) => {
    const plain = connect(port, '127.0.0.1');
    client.on('error', () => plain.destroy()).pipe(plain);
    plain.on('error', () => client.destroy()).pipe(client);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
