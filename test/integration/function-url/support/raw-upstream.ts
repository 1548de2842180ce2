import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawUpstream {
  readonly url: string;
  /** What is done when the head of a request has come. */
  respondWith(handler: (socket: Socket, head: string) => unknown): void;
  /** Requests whose head has come. */
  readonly requests: number;
  close(): Promise<void>;
}

/** A server that answers with exactly the bytes, and the manners, that a test gives it. */
export async function startRawUpstream(): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  let handler: (socket: Socket, head: string) => unknown = (socket) => socket.destroy();
  let requests = 0;
  const server = createServer((socket) => {
    let received = '';
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    const onData = (data: Buffer): void => {
      received += data.toString('latin1');
      if (!received.includes('\r\n\r\n')) return;
      socket.off('data', onData).pause();
      requests += 1;
      handler(socket, received);
    };
    socket.on('data', onData);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    respondWith: (next) => void (handler = next),
    get requests() {
      return requests;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
