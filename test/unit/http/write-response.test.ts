import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Exchange } from '../../../src/http/exchange';
import type { GatewayResponse, ResponseHeader } from '../../../src/http/gateway-response';
import { writeResponse } from '../../../src/http/write-response';
import { rawRequest, type RawResponse } from '../../support/raw-client';

/** What Node adds on its own. */
const NODES_OWN = new Set(['Date', 'Connection', 'Keep-Alive']);

let respond: (res: ServerResponse, exchange: Exchange) => Promise<void>;
let thrown: unknown;

async function serve(res: ServerResponse): Promise<void> {
  const exchange = new Exchange(res, 60_000);
  try {
    await respond(res, exchange);
  } catch (error) {
    thrown = error;
    await writeResponse(res, 'GET', { status: 500, headers: [], body: Buffer.alloc(0) }, [], exchange);
  } finally {
    exchange.end();
  }
}

const server = createServer((_req, res) => void serve(res));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  thrown = undefined;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

interface Given {
  readonly status?: number;
  readonly headers?: readonly ResponseHeader[];
  readonly body?: string | Buffer;
  readonly method?: string;
  /** What earlier policies did to the response. */
  readonly before?: (res: ServerResponse) => void;
}

async function answer({ status = 200, headers = [], body = '', method = 'GET', before }: Given): Promise<RawResponse> {
  const response: GatewayResponse = { status, headers, body: Buffer.from(body as string) };
  respond = (res, exchange) => {
    before?.(res);
    return writeResponse(res, method, response, [], exchange);
  };
  return rawRequest(server.address() as AddressInfo, { method });
}

const linesOf = ({ headers }: RawResponse): readonly (readonly [string, string])[] =>
  headers.filter(([name]) => !NODES_OWN.has(name));

test.each<[rule: string, given: Given, lines: readonly (readonly [string, string])[]]>([
  ['an empty body has a length too', {}, [['Content-Length', '0']]],
  ['the length is that of the body, in bytes', { body: 'ä' }, [['Content-Length', '2']]],
  [
    'names keep their spelling, headers their order',
    {
      headers: [
        ['x-b', ['1']],
        ['X-A', ['2']],
      ],
    },
    [
      ['x-b', '1'],
      ['X-A', '2'],
      ['Content-Length', '0'],
    ],
  ],
  [
    'each value is a line',
    { headers: [['X-A', ['1', '2, 3', '']]] },
    [
      ['X-A', '1'],
      ['X-A', '2, 3'],
      ['X-A', ''],
      ['Content-Length', '0'],
    ],
  ],
  [
    'of headers that come twice the last one counts, whatever its spelling',
    {
      headers: [
        ['X-Id', ['forged', 'twice']],
        ['x-id', ['ours']],
      ],
    },
    [
      ['x-id', 'ours'],
      ['Content-Length', '0'],
    ],
  ],
  [
    'a header of an earlier policy is replaced',
    { before: (res) => res.setHeader('x-a', 'theirs'), headers: [['X-A', ['ours']]] },
    [
      ['X-A', 'ours'],
      ['Content-Length', '0'],
    ],
  ],
  [
    'a header of an earlier policy that the answer lacks stays',
    { before: (res) => res.setHeader('X-Policy', 'theirs'), headers: [['X-A', ['ours']]] },
    [
      ['X-Policy', 'theirs'],
      ['X-A', 'ours'],
      ['Content-Length', '0'],
    ],
  ],
  [
    'Vary is added to',
    { before: (res) => res.setHeader('vary', 'Origin'), headers: [['Vary', ['Accept']]] },
    [
      ['Vary', 'Origin'],
      ['Vary', 'Accept'],
      ['Content-Length', '0'],
    ],
  ],
  [
    'Set-Cookie is added to',
    {
      before: (res) => res.setHeader('Set-Cookie', ['sid=1', 'lang=en']),
      headers: [['set-cookie', ['a=1', 'b=2']]],
    },
    [
      ['set-cookie', 'sid=1'],
      ['set-cookie', 'lang=en'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['Content-Length', '0'],
    ],
  ],
  [
    'headers of one connection are dropped, those that Connection names too',
    {
      headers: [
        ['CONNECTION', ['X-Hop , close', 'x-other']],
        ['x-hop', ['1']],
        ['X-Other', ['1']],
        ['Transfer-Encoding', ['chunked']],
        ['proxy-connection', ['close']],
        ['Content-Length', ['99']],
        ['Proxy-Authorization', ['end-to-end']],
      ],
      body: 'four',
    },
    [
      ['Proxy-Authorization', 'end-to-end'],
      ['Content-Length', '4'],
    ],
  ],
])('%s', async (_rule, given, lines) => {
  const response = await answer(given);
  expect(linesOf(response)).toEqual(lines);
  expect(response.body.toString()).toBe(given.body ?? '');
  expect(response.complete).toBe(true);
});

test.each<[method: string, status: number, declared: string | undefined, body: string, length: string | undefined]>([
  ['GET', 404, '7', 'hello', '5'],
  ['DELETE', 200, '7', '', '0'],
  ['GET', 204, undefined, 'surprise', undefined],
  ['GET', 204, '8', 'surprise', undefined],
  ['POST', 304, '8', 'surprise', undefined],
  ['HEAD', 200, '1234', '', '1234'],
  ['HEAD', 200, '1234', 'hello', '1234'],
  ['HEAD', 200, undefined, 'hello', '5'],
  ['HEAD', 200, undefined, '', undefined],
  ['HEAD', 200, '-1', '', undefined],
  ['HEAD', 200, '1e3', 'hello', '5'],
  ['HEAD', 204, '1234', '', undefined],
  ['HEAD', 304, '1234', '', undefined],
])('%s, %d, declared length %p and body %p: the length is %p', async (method, status, declared, body, length) => {
  const headers: readonly ResponseHeader[] = declared === undefined ? [] : [['content-length', [declared]]];
  const response = await answer({ method, status, headers, body });
  expect(response.statusCode).toBe(status);
  expect(response.all('content-length')).toEqual(length === undefined ? [] : [length]);
  expect(response.all('transfer-encoding')).toEqual([]);
  expect(response.body.toString()).toBe(method === 'HEAD' || [204, 304].includes(status) ? '' : body);
});

test.each([256, 8_192, 8_193, 1_000_000])(
  'a body of %d bytes of every value, and a head in Latin-1, are as they were',
  async (length) => {
    const body = Buffer.from(Array.from({ length }, (_, i) => i % 256));
    const response = await answer({ headers: [['X-Name', ['Zoë']]], body });
    expect(response.body.equals(body)).toBe(true);
    expect([response.all('x-name'), response.all('content-length')]).toEqual([['Zoë'], [String(length)]]);
  },
);

test.each(['write', 'end'] as const)('a policy that wrapped `%s` sees the body there, as bytes', async (method) => {
  const seen: unknown[] = [];
  const { body } = await answer({
    body: 'hello',
    before: (res) => {
      const own = res[method].bind(res) as (...args: unknown[]) => boolean;
      Object.assign(res, {
        [method]: (...args: unknown[]) => {
          seen.push(...args);
          return own(...args);
        },
      });
    },
  });
  expect(body.toString()).toBe('hello');
  expect(seen).toEqual([Buffer.from('hello')]);
});

test('the body goes out in one write, the end has none', async () => {
  const calls: unknown[] = [];
  await answer({
    body: 'hello',
    before: (res) => {
      const { write, end } = { write: res.write.bind(res), end: res.end.bind(res) };
      res.write = ((...args: unknown[]) => {
        calls.push(['write', String(args[0]), args.length]);
        return write(args[0]);
      }) as typeof res.write;
      res.end = ((...args: unknown[]) => {
        calls.push(['end', args.length]);
        return end();
      }) as typeof res.end;
    },
  });
  expect(calls).toEqual([
    ['write', 'hello', 1],
    ['end', 0],
  ]);
});

test('what a wrapper around the response throws is thrown on, and an error can still be answered without the headers', async () => {
  const fault = new Error('a policy failed');
  const response = await answer({
    headers: [
      ['X-A', ['1']],
      ['Content-Type', ['image/png']],
      ['ETag', ['"1"']],
    ],
    body: 'hello',
    before: (res) => {
      res.setHeader('X-Policy', 'theirs');
      res.write = () => {
        throw fault;
      };
    },
  });
  expect(thrown).toBe(fault);
  expect(response.statusCode).toBe(500);
  expect(linesOf(response)).toEqual([
    ['X-Policy', 'theirs'],
    ['Content-Length', '0'],
  ]);
});
