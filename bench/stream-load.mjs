// Readers of streamed answers, on plain sockets.
import net from 'node:net';

const requestBytes = (path) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: gateway.example.com\r\nAccept: */*\r\n\r\n`);
const END = '\r\n0\r\n\r\n';

/**
 * Requests one after the other over one connection.
 *
 * @returns {Promise<number[]>} milliseconds from each request to the first byte of its body
 */
export function firstBytes(port, path, count) {
  const request = requestBytes(path);
  const times = [];
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let sentAt = 0;
    let hasBegun = false;
    const send = () => {
      received = '';
      hasBegun = false;
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('connect', send).on('error', reject);
    socket.on('close', () => reject(new Error(`the connection closed after ${times.length} answers`)));
    socket.on('data', (data) => {
      received += data.latin1Slice();
      if (!hasBegun && received.includes('data: first')) {
        hasBegun = true;
        times.push(performance.now() - sentAt);
      }
      if (!received.endsWith(END)) return;
      if (!hasBegun || !received.startsWith('HTTP/1.1 200 ')) reject(new Error(`unexpected answer: ${received}`));
      if (times.length < count) return send();
      resolve(times);
      socket.destroy();
    });
  });
}

/**
 * Reads one answer as fast as it comes.
 *
 * @returns {Promise<number>} milliseconds
 */
export function download(port, path, length) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const startedAt = performance.now();
    let size = 0;
    let tail = '';
    socket.on('connect', () => socket.write(requestBytes(path))).on('error', reject);
    socket.on('close', () => reject(new Error(`the download broke off after ${size} bytes`)));
    socket.on('data', (data) => {
      size += data.length;
      tail = (tail + data.latin1Slice(Math.max(data.length - END.length, 0))).slice(-END.length);
      if (tail !== END) return;
      if (size < length) return reject(new Error(`the download has only ${size} bytes`));
      resolve(performance.now() - startedAt);
      socket.destroy();
    });
  });
}

/**
 * Opens streams and reads one piece of each every `pauseMs`.
 *
 * @returns {Promise<() => Promise<void>>} once each of them has its first bytes; the function closes them
 */
export async function slowClients(port, path, count, pauseMs) {
  const sockets = await Promise.all(
    Array.from({ length: count }, () => {
      const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
      return new Promise((resolve, reject) => {
        socket.on('connect', () => socket.write(requestBytes(path))).on('error', reject);
        socket.once('data', (data) => {
          const statusLine = data.latin1Slice(0, 12);
          if (statusLine === 'HTTP/1.1 200') resolve(socket);
          else reject(new Error(`unexpected answer: ${statusLine}`));
        });
        socket.on('data', () => {
          socket.pause();
          setTimeout(() => socket.resume(), pauseMs);
        });
      });
    }),
  );
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 500));
  };
}
