// A load generator of plain sockets: each connection sends its next request when the answer to the last one is there.
import net from 'node:net';

/**
 * Sends requests over some connections for a while.
 *
 * @param {{ port: number, connections: number, ms: number, path: string, body?: Buffer }} load
 * @returns {Promise<{ requests: number, rps: number, p50: number, p99: number, failed: number }>} times in milliseconds
 */
export async function run({ port, connections, ms, path, body }) {
  const request = requestBytes(path, body);
  const times = [];
  const started = performance.now();
  const results = await Promise.all(
    Array.from({ length: connections }, () => keepSending(port, request, started + ms, times)),
  );
  const elapsed = performance.now() - started;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const failed = results.reduce((sum, count) => sum + count, 0);
  return { requests: times.length, rps: (times.length / elapsed) * 1000, p50: at(0.5), p99: at(0.99), failed };
}

function requestBytes(path, body) {
  const head = [
    `${body ? 'POST' : 'GET'} ${path}?a=1&b=2 HTTP/1.1`,
    'Host: gateway.example.com',
    'User-Agent: bench/1.0',
    'Accept: */*',
    'Accept-Encoding: gzip, br',
    'X-Request-Source: benchmark',
    ...(body ? ['Content-Type: text/plain', `Content-Length: ${body.length}`] : []),
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body ?? Buffer.alloc(0)]);
}

/** One connection; resolves with the number of answers that were not 200. */
function keepSending(port, request, deadline, times) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let failed = 0;
    let sentAt = 0;
    let missing = -1;
    let head = '';
    const send = () => {
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('connect', send).on('error', reject);
    socket.on('data', (data) => {
      if (missing < 0) {
        head += data.latin1Slice(0, data.length);
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!head.startsWith('HTTP/1.1 200 ')) failed += 1;
        missing = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0) - (head.length - end - 4);
        head = '';
      } else {
        missing -= data.length;
      }
      if (missing > 0) return;
      missing = -1;
      times.push(performance.now() - sentAt);
      if (performance.now() < deadline) return send();
      socket.end();
      resolve(failed);
    });
  });
}
