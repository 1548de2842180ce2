import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';
import { Exchange } from '../../../src/http/exchange';

/** A client's connection, and what an exchange looks at in a response. */
class Connection extends EventEmitter {
  destroyed = false;
  errored: Error | null = null;
}
class Response extends EventEmitter {
  writableFinished = false;
  readonly req: { readonly socket: Connection; readonly httpVersionMajor: number };

  constructor(socket: Connection, httpVersionMajor: number) {
    super();
    this.req = { socket, httpVersionMajor };
  }
}

interface Given {
  readonly connection?: Connection;
  readonly httpVersionMajor?: number;
}

function begin(timeout = 100, { connection = new Connection(), httpVersionMajor = 1 }: Given = {}) {
  const res = new Response(connection, httpVersionMajor);
  return { res, connection, exchange: new Exchange(res as unknown as ServerResponse, timeout) };
}

const codeOf = ({ signal }: Exchange): string | undefined =>
  signal.aborted ? (signal.reason as LambdaProxyError).code : undefined;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('begins with the request, untried', () => {
  jest.setSystemTime(new Date('2030-01-02T03:04:05.678Z'));
  const { exchange } = begin();
  expect(exchange).toMatchObject({ phase: 'request', attempts: 0, receivedAt: new Date('2030-01-02T03:04:05.678Z') });
  expect(exchange.signal.aborted).toBe(false);
  exchange.end();
});

test('counts whole milliseconds', () => {
  const { exchange } = begin();
  jest.advanceTimersByTime(42);
  expect(exchange.elapsed).toBe(42);
  exchange.end();
});

test('ends with TIMEOUT when the time is up, and not before', () => {
  const { exchange } = begin(100);
  jest.advanceTimersByTime(99);
  expect(codeOf(exchange)).toBeUndefined();
  jest.advanceTimersByTime(1);
  expect(codeOf(exchange)).toBe('TIMEOUT');
  expect(exchange.signal.reason).toBeInstanceOf(LambdaProxyError);
  expect((exchange.signal.reason as Error).message).toBe('no answer within 100 ms');
});

test('ends with CLIENT_CLOSED when the connection closes before the answer is through', () => {
  const { exchange, connection } = begin();
  connection.emit('close');
  expect(codeOf(exchange)).toBe('CLIENT_CLOSED');
  expect(exchange.signal.reason).toBeInstanceOf(LambdaProxyError);
});

test('ends with CLIENT_CLOSED when the connection was closed before it began', () => {
  const connection = Object.assign(new Connection(), { destroyed: true });
  const { exchange } = begin(100, { connection });
  expect(codeOf(exchange)).toBe('CLIENT_CLOSED');
  exchange.end();
});

test('in HTTP/2 ends when the response closes, whatever its connection does', () => {
  const { exchange, res, connection } = begin(100, { httpVersionMajor: 2 });
  connection.emit('close');
  expect(codeOf(exchange)).toBeUndefined();
  res.emit('close');
  expect(codeOf(exchange)).toBe('CLIENT_CLOSED');
  exchange.end();
  expect([res.listenerCount('close'), res.getMaxListeners()]).toEqual([0, 10]);
});

test('any number of requests may be sent ahead, and none leaves a listener behind', () => {
  const connection = new Connection();
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation();
  const exchanges = Array.from({ length: 30 }, () => begin(100, { connection }).exchange);
  expect(connection.listenerCount('close')).toBe(30);
  for (const exchange of exchanges) exchange.end();
  expect([connection.listenerCount('close'), connection.getMaxListeners()]).toEqual([0, 10]);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

test.each([
  ['HPE_INVALID_CHUNK_SIZE', 'BODY_UNREADABLE'],
  ['ECONNRESET', 'CLIENT_CLOSED'],
])('a connection that closed for %s ends it with %s', (code, expected) => {
  const { exchange, connection } = begin();
  connection.errored = Object.assign(new Error('broken'), { code });
  connection.emit('close');
  expect(codeOf(exchange)).toBe(expected);
  exchange.end();
});

test('what stands for a connection may be gone itself, as in HTTP/2', () => {
  const gone = new Proxy(new Connection(), {
    get: () => {
      throw new Error('the socket has been disconnected from the Http2Session');
    },
  });
  const { exchange } = begin(100, { connection: gone, httpVersionMajor: 2 });
  expect(codeOf(exchange)).toBe('CLIENT_CLOSED');
  exchange.end();
});

test('is not ended by the close after a whole answer', () => {
  const { exchange, res, connection } = begin();
  res.writableFinished = true;
  connection.emit('close');
  expect(codeOf(exchange)).toBeUndefined();
});

test.each([
  ['TIMEOUT', ['time', 'close']],
  ['CLIENT_CLOSED', ['close', 'time']],
])('the first reason stays: %s', (code, events) => {
  const { exchange, connection } = begin(100);
  for (const event of events) {
    if (event === 'close') connection.emit('close');
    else jest.advanceTimersByTime(100);
  }
  expect(codeOf(exchange)).toBe(code);
});

test('end() takes timer and listener down', () => {
  const others = jest.getTimerCount();
  const { exchange, connection } = begin();
  expect([jest.getTimerCount() - others, connection.listenerCount('close')]).toEqual([1, 1]);
  exchange.end();
  expect([jest.getTimerCount() - others, connection.listenerCount('close')]).toEqual([0, 0]);
  jest.advanceTimersByTime(1000);
  connection.emit('close');
  expect(codeOf(exchange)).toBeUndefined();
});

test.each(['time', 'close'])('end() leaves nothing behind after the end by %s, and may come twice', (event) => {
  const { exchange, connection } = begin(100);
  if (event === 'close') connection.emit('close');
  else jest.advanceTimersByTime(100);
  exchange.end();
  exchange.end();
  expect([jest.getTimerCount(), connection.listenerCount('close')]).toEqual([0, 0]);
});

test('once the head is out only the client can end it', () => {
  const { exchange, connection } = begin(100);
  exchange.headSent();
  jest.advanceTimersByTime(1000);
  expect(codeOf(exchange)).toBeUndefined();
  connection.emit('close');
  expect(codeOf(exchange)).toBe('CLIENT_CLOSED');
});

test('knows how long each stage took, all attempts together, the one it ended in included', () => {
  const { exchange } = begin();
  const stages = ['connect', 'invoke', 'connect', 'invoke'] as const;
  jest.advanceTimersByTime(1);
  for (const stage of stages) {
    exchange.phase = stage;
    jest.advanceTimersByTime(10);
  }
  exchange.end();
  expect(exchange.durations).toEqual({ request: 1, connect: 20, invoke: 20 });
});
