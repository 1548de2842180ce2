import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { buildRequest, RawClient, rawRequest } from '../../support/raw-client';

describe('the raw client', () => {
  let server: Server;
  let received = '';
  let answer: (socket: Socket) => void;
  const target = () => ({ port: (server.address() as AddressInfo).port });
  const answering = (text: string) => (socket: Socket) => void socket.end(text, 'latin1');
  beforeEach(async () => {
    received = '';
    server = createServer((socket) => {
      socket.on('error', () => undefined).on('data', (data) => (received += data.toString('latin1')));
      socket.once('data', () => {
        answer(socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('adds no header in silence', () => {
    expect(buildRequest({}).toString()).toBe('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
    const headers = [['hOST', 'x'], ['X-A', '\xe9']] as const; // prettier-ignore
    const bytes = buildRequest({ method: 'PUT', target: '*', headers, body: 'é', keepAlive: true });
    expect(bytes.toString('latin1')).toBe(
      'PUT * HTTP/1.1\r\nhOST: x\r\nX-A: \xe9\r\nContent-Length: 2\r\n\r\n\xc3\xa9',
    );
    expect(buildRequest({ body: 'x', contentLength: false }).toString()).not.toContain('Content-Length');
  });

  test('reads headers as they are spelled, in order', async () => {
    answer = answering('HTTP/1.1 200 Very OK\r\nX-b: 1\r\nx-A: \xe9\r\nX-b: 2\r\nContent-Length: 2\r\n\r\nhi');
    const response = await rawRequest(target());
    expect(response).toMatchObject({ statusCode: 200, statusMessage: 'Very OK', complete: true });
    expect(response.headers.slice(0, 3)).toEqual([['X-b', '1'], ['x-A', '\xe9'], ['X-b', '2']]); // prettier-ignore
    expect(response.all('x-B')).toEqual(['1', '2']);
    expect(response.body.toString()).toBe('hi');
  });

  test.each([
    ['too short', 'Content-Length: 5\r\n\r\nhi', 'hi', false],
    ['without framing', '\r\nhi', 'hi', true],
    ['chunked', 'Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\nX-T: 1\r\n\r\n', 'hi!', true],
    ['chunked without an end', 'Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n', 'hi', false],
    ['chunked and cut', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhi', 'hi', false],
  ])('reads a body %s', async (_name, rest, body, complete) => {
    answer = answering(`HTTP/1.1 200 OK\r\n${rest}`);
    const response = await rawRequest(target());
    expect([response.body.toString(), response.complete]).toEqual([body, complete]);
  });

  test('knows bodiless and interim responses and what follows them', async () => {
    answer = answering(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
    );
    const client = await RawClient.connect(target());
    await client.send(buildRequest({ method: 'HEAD' }));
    expect(await client.read({ method: 'HEAD' })).toMatchObject({ statusCode: 200, complete: true });
    expect(client.interim).toMatchObject([{ statusCode: 100 }]);
    expect(await client.read()).toMatchObject({ statusCode: 204, complete: true });
    expect(await client.closed).toBe(true);
    await expect(client.read()).rejects.toThrow('closed without a response');
  });

  test('tells a reset from an end', async () => {
    let served: Socket | undefined;
    answer = (socket) => {
      served = socket;
      socket.write('HTTP/1.1 200 OK\r\n\r\nhi');
    };
    const client = await RawClient.connect(target());
    await client.send(buildRequest({}));
    await client.readUntil('hi');
    served?.resetAndDestroy();
    expect(await client.read()).toMatchObject({ complete: false });
    expect(await client.closed).toBe(false);
  });

  test('sends slowly, and not to the end', async () => {
    const closed = new Promise((resolve) => {
      answer = (socket) => socket.once('close', resolve);
    });
    const client = await RawClient.connect(target());
    const begin = performance.now();
    await client.send('abcdefgh', { pieces: { size: 2, intervalMs: 15 }, destroyAfter: 5 });
    expect(performance.now() - begin).toBeGreaterThan(28);
    await closed;
    expect(received).toBe('abcde');
  });

  test('gives up waiting', async () => {
    answer = () => undefined;
    await expect(rawRequest(target(), { timeoutMs: 20 })).rejects.toThrow('Timed out');
  });
});
