import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalLambda, startLocalLambda } from '../../src/local-lambda';
import { loggedLine } from '../support/eventually';
import { type Gateway, startGateway } from '../support/gateway';
import { lambdaEnv } from '../support/lambda-endpoint';
import { buildRequest, RawClient, rawRequest, type RawResponse } from '../support/raw-client';
import { gatewayOptions, type Route } from '../support/stack';

const FUNCTIONS = path.join(__dirname, '../fixtures/streaming');
const { names: bufferedResults } = jest.requireActual<{ names: readonly string[] }>(
  path.join(FUNCTIONS, 'buffered.js'),
);
const { randomBytes } = jest.requireActual<{ randomBytes: (length: number) => Iterable<Buffer> }>(
  path.join(FUNCTIONS, 'support/random-bytes.js'),
);

const FORMATS = ['v1', 'v2'] as const;

/** What the functions wrote into their log. */
const functionLog: string[] = [];
let lambda: LocalLambda;
let gateway: Gateway;
let scratch: string;
let gates = 0;

beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'streaming-'));
  lambda = await startLocalLambda({
    folder: FUNCTIONS,
    timeout: 60,
    timeouts: { slow: 5 },
    log: (line) => functionLog.push(line),
  });
  gateway = await startGateway({ ...gatewayOptions(routes()), env: lambdaEnv(lambda.url) });
});
afterAll(async () => {
  await gateway.close();
  await lambda.close();
  rmSync(scratch, { recursive: true });
});

/** Every function in both formats, and the one that does not stream also in buffered mode. */
function routes(): Record<string, Route> {
  const names = ['hono', 'plain', 'slow', 'buffered', 'clock'];
  const entries = names.flatMap((functionName) =>
    FORMATS.map((format) => {
      const action = { functionName, payloadFormatVersion: format === 'v1' ? '1.0' : '2.0' };
      return [`${functionName}-${format}`, { action: { ...action, invokeMode: 'RESPONSE_STREAM' } }] as const;
    }),
  );
  return {
    ...Object.fromEntries(entries),
    'whole-v1': { action: { functionName: 'buffered' } },
    'whole-v2': { action: { functionName: 'buffered', payloadFormatVersion: '2.0' } },
  };
}

const get = (target: string): Promise<RawResponse> => rawRequest(gateway, { target });

async function open(target: string): Promise<RawClient> {
  const client = await RawClient.connect(gateway);
  await client.send(buildRequest({ target }));
  return client;
}

/** A file that a function waits for, and how to make it. */
function newGate(): { file: string; open: () => void } {
  gates += 1;
  const file = path.join(scratch, `gate-${gates}`);
  return {
    file,
    open: () => {
      writeFileSync(file, '');
    },
  };
}

describe.each(FORMATS)("hono's streamHandle, format %s", (format) => {
  const url = (name: string): string => `/hono-${format}/${name}`;

  test('status, headers and several cookies', async () => {
    const response = await get(url('head'));
    expect([response.statusCode, response.body.toString(), response.complete]).toEqual([201, 'made', true]);
    expect(response.all('content-type')).toEqual(['text/plain; charset=UTF-8']);
    expect(response.all('x-name')).toEqual(['hono']);
    expect(response.all('set-cookie')).toEqual([
      'session=abc; Path=/; HttpOnly',
      'theme=dark; Path=/',
      'lang=de; Path=/',
    ]);
  });

  test('text reaches the client while the handler still writes', async () => {
    const gate = newGate();
    const client = await open(`${url('text')}?gate=${gate.file}`);
    expect(await client.readUntil('first ')).not.toContain('zweitens');
    gate.open();
    const response = await client.read();
    expect([response.statusCode, response.body.toString(), response.complete]).toEqual([
      200,
      'first zweitens: ü',
      true,
    ]);
    // Of what the framework says of the connection itself, this connection is answered for by the gateway.
    expect(response.all('transfer-encoding')).toEqual(['chunked']);
    client.destroy();
  });

  test('server-sent events', async () => {
    const gate = newGate();
    const client = await open(`${url('sse')}?gate=${gate.file}`);
    expect(await client.readUntil('data: one\nid: 1\n\n')).not.toContain('two');
    gate.open();
    const response = await client.read();
    expect(response.body.toString()).toBe(
      'event: tick\ndata: one\nid: 1\n\nevent: tick\ndata: two\ndata: lines\nid: 2\n\n',
    );
    expect(response.all('content-type')).toEqual(['text/event-stream']);
    expect(response.all('cache-control')).toEqual(['no-cache']);
    expect(response.all('x-accel-buffering')).toEqual(['no']);
    expect(response.all('connection')).toEqual(['close']);
    expect([response.all('transfer-encoding'), response.complete]).toEqual([['chunked'], true]);
    client.destroy();
  });

  test('bytes of every value', async () => {
    const response = await get(url('binary'));
    const all = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
    expect(response.body.equals(all)).toBe(true);
    expect([response.all('content-type'), response.complete]).toEqual([['image/x-own'], true]);
  });

  test('a binary request body comes back', async () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => 255 - byte));
    const headers = [['Content-Type', 'application/x-own']] as const;
    const response = await rawRequest(gateway, {
      method: 'POST',
      target: url('echo'),
      headers,
      body,
    });
    expect(response.body.equals(body)).toBe(true);
    expect(response.all('x-type')).toEqual(['application/x-own']);
  });

  test('query and cookies of the request, an answer that is not streamed', async () => {
    const headers = [['Cookie', 'a=1; b=2']] as const;
    const response = await rawRequest(gateway, { target: `${url('json')}?q=%C3%BC`, headers });
    expect(JSON.parse(response.body.toString())).toEqual({ query: 'ü', cookie: 'a=1; b=2' });
    expect(response.all('content-type')).toEqual(['application/json']);
  });

  test('no body, a redirect, an unknown path, an error that the framework answers', async () => {
    const nothing = await get(url('nothing'));
    expect([nothing.statusCode, nothing.body.length, nothing.all('transfer-encoding')]).toEqual([204, 0, []]);
    const redirect = await get(url('redirect'));
    expect([redirect.statusCode, redirect.all('location'), redirect.complete]).toEqual([302, ['/elsewhere'], true]);
    const unknown = await get(url('unknown'));
    expect([unknown.statusCode, unknown.body.toString()]).toEqual([404, '404 Not Found']);
    const failed = await get(url('throws'));
    expect([failed.statusCode, failed.body.toString()]).toEqual([500, 'Internal Server Error']);
  });
});

describe.each(FORMATS)('streamifyResponse, format %s', (format) => {
  const url = (how: string): string => `/plain-${format}?how=${how}`;

  test.each([
    ['text', 'Grüße, Welt', 'text/plain; charset=utf-8'],
    ['jsonLines', '{"line":1}\n{"line":2}\n{"line":3}\n', 'text/plain; charset=utf-8'],
    ['pipedBare', 'one two three', 'text/plain; charset=utf-8'],
    ['empty', '', undefined],
  ])('without a head: %s', async (how, body, type) => {
    const response = await get(url(how));
    expect([response.statusCode, response.body.toString(), response.complete]).toEqual([200, body, true]);
    expect(response.all('content-type')[0]).toBe(type);
  });

  test('without a head: bytes', async () => {
    const response = await get(url('binary'));
    expect(response.body.equals(Buffer.from(Array.from({ length: 256 }, (_, byte) => (byte + 128) % 256)))).toBe(true);
    expect(response.all('content-type')).toEqual(['application/octet-stream']);
  });

  test('with a head', async () => {
    const response = await get(url('head'));
    expect([response.statusCode, response.body.toString(), response.complete]).toEqual([418, 'short and stout', true]);
    expect(response.all('content-type')).toEqual(['text/x-tea']);
    expect(response.all('x-name')).toEqual(['pot']);
    expect(response.all('set-cookie')).toEqual(['a=1; Path=/', 'b=2']);
  });

  test('with a head alone', async () => {
    const response = await get(url('headAlone'));
    expect([response.statusCode, response.body.length, response.complete]).toEqual([303, 0, true]);
    expect(response.all('location')).toEqual(['/elsewhere']);
  });

  test('a pipeline into a stream with a head', async () => {
    const response = await get(url('piped'));
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`).join('');
    expect([response.body.toString() === lines, response.complete]).toEqual([true, true]);
    expect(response.all('content-type')).toEqual(['text/plain']);
  });
});

test('a download beyond the 6 MB of a result arrives byte by byte', async () => {
  const length = 20 * 2 ** 20 + 1;
  const expected = createHash('sha256');
  for (const bytes of randomBytes(length)) expected.update(bytes);

  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(`${gateway.url}/plain-v1?how=download&length=${length}`, resolve).once('error', reject);
  });
  const actual = createHash('sha256');
  let size = 0;
  for await (const bytes of response) {
    actual.update(bytes as Buffer);
    size += (bytes as Buffer).length;
  }
  expect([size, response.complete, response.statusCode]).toEqual([length, true, 200]);
  expect(actual.digest('hex')).toBe(expected.digest('hex'));
});

describe('a handler that does not stream', () => {
  const cases = FORMATS.flatMap((format) => bufferedResults.map((how) => [format, how] as const));
  const ofFunction = ({ statusCode, headers, body }: RawResponse): unknown => ({
    statusCode,
    // The rest is of this request alone.
    headers: headers.filter(([name]) => !/^(?:date|x-amzn-requestid|x-amzn-trace-id|apigw-requestid)$/i.test(name)),
    body: body.toString('latin1'),
  });

  test.each(cases)('is answered as in buffered mode: format %s, %s', async (format, how) => {
    const streamed = await get(`/buffered-${format}?how=${how}`);
    const whole = await get(`/whole-${format}?how=${how}`);
    expect(ofFunction(streamed)).toEqual(ofFunction(whole));
    expect(streamed.statusCode).toBeLessThan(500);
  });

  test.each(FORMATS)('fails as in buffered mode: format %s', async (format) => {
    const streamed = await get(`/buffered-${format}?how=throws`);
    expect(ofFunction(streamed)).toEqual(ofFunction(await get(`/whole-${format}?how=throws`)));
    expect(streamed.statusCode).toBeGreaterThanOrEqual(500);
  });
});

describe('a function that fails', () => {
  test.each(['throwsFirst', 'throwsBehindHead', 'throwsInJson'])(
    'before its first byte is out gets an error answer: %s',
    async (how) => {
      const from = gateway.log.length;
      for (const format of FORMATS) {
        const response = await get(`/plain-${format}?how=${how}`);
        expect([response.statusCode, response.complete]).toEqual([500, true]);
        expect(response.body.toString()).toMatch(/^\{"message":\s?"Internal [Ss]erver [Ee]rror"\}$/);
      }
      expect(await loggedLine(gateway.log, from, /FUNCTION_ERROR/)).toMatch(/RangeError: secret of the function/);
    },
  );

  test.each([
    ['throwsLater', /FUNCTION_ERROR .*phase="stream".*RangeError: secret of the function/],
    ['exits', /FUNCTION_ERROR .*phase="stream".*Runtime exited with error: exit status 1/],
  ])('after its first byte is out has its answer broken off: %s', async (how, line) => {
    const from = gateway.log.length;
    const gate = newGate();
    const client = await open(`/plain-v1?how=${how}&gate=${gate.file}`);
    await client.readUntil('begun');
    gate.open();
    const response = await client.read();
    expect([response.statusCode, response.body.toString(), response.complete]).toEqual([200, 'begun', false]);
    expect(await loggedLine(gateway.log, from, /FUNCTION_ERROR/)).toMatch(line);
  });

  test('right behind its first byte never ends cleanly', async () => {
    for (let round = 0; round < 10; round++) {
      const client = await open('/plain-v1?how=throwsAtOnce');
      await client.closed;
      const text = client.received.toString();
      expect(text).not.toMatch(/\r\n0\r\n/);
      expect(text).not.toContain('secret');
      expect(text === '' || text.startsWith('HTTP/1.1 200 ')).toBe(true);
    }
  });

  test('by its timeout, before and in mid-stream', async () => {
    const from = gateway.log.length;
    const [silent, begun] = await Promise.all([get('/slow-v1'), get('/slow-v1?how=begins')]);
    expect(silent.statusCode).toBe(500);
    expect([begun.statusCode, begun.body.toString(), begun.complete]).toEqual([200, 'begun', false]);
    await loggedLine(gateway.log, from, /FUNCTION_ERROR .*phase="result".*timed out after 5\.00 seconds/);
    await loggedLine(gateway.log, from, /FUNCTION_ERROR .*phase="stream".*timed out after 5\.00 seconds/);
  });
});

describe("the quick start's clock", () => {
  test('each tick is there before the next one is sent', async () => {
    const folder = mkdtempSync(path.join(scratch, 'clock-'));
    const client = await open(`/clock-v1?folder=${folder}`);
    for (let tick = 1; tick <= 10; tick++) {
      expect(await client.readUntil(`id: ${tick}\ndata: `)).not.toContain(`id: ${tick + 1}\n`);
      // The function is still waiting: it ends only after the last one.
      writeFileSync(path.join(folder, String(tick)), '');
    }
    const response = await client.read();
    expect(response.complete).toBe(true);
    expect(response.all('content-type')).toEqual(['text/event-stream']);
    expect(response.all('x-accel-buffering')).toEqual(['no']);
    const ids = [...response.body.toString().matchAll(/^id: (\d+)\ndata: \d{4}-\d\d-\d\dT[\d:.]+Z\n\n/gm)];
    expect(ids.map(([, id]) => Number(id))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    client.destroy();
  });

  test('stops when nobody watches any more', async () => {
    const from = functionLog.length;
    const folder = mkdtempSync(path.join(scratch, 'clock-'));
    const client = await open(`/clock-v1?folder=${folder}`);
    await client.readUntil('id: 1\n');
    client.destroy();
    await loggedLine(functionLog, from, /\[clock\].*the stream ended: ECONNRESET/);
    // Only the first of its nine seconds passes: it would wait for the others until its timeout.
    writeFileSync(path.join(folder, '1'), '');
    await loggedLine(functionLog, from, /\[clock\] REPORT/);
    expect(functionLog.slice(from).join('\n')).not.toContain('Task timed out');
  });
});

const ENDED = /\[plain\].*the stream ended: ECONNRESET/;

test.each([
  ['HEAD', 200],
  ['GET', 204],
])('an answer without a body ends the stream of a function that writes one: %s, %d', async (method, status) => {
  const from = functionLog.length;
  const target = `/plain-v1?how=floods&status=${status}`;
  const response = await rawRequest(gateway, { method, target });
  expect([response.statusCode, response.body.length, response.complete]).toEqual([status, 0, true]);
  await loggedLine(functionLog, from, ENDED);
});

describe('a client that leaves ends the stream of a function', () => {
  const GONE = /CLIENT_CLOSED status=499/;

  test.each(['watches', 'floods'])('that has begun: %s', async (how) => {
    const [fromFunction, fromGateway] = [functionLog.length, gateway.log.length];
    const client = await open(`/plain-v1?how=${how}`);
    await client.readUntil(how === 'watches' ? 'begun' : 'xxx');
    client.destroy();
    await loggedLine(functionLog, fromFunction, ENDED);
    await loggedLine(functionLog, fromFunction, /\[plain\] END/);
    expect(await loggedLine(gateway.log, fromGateway, GONE)).toMatch(/phase="stream"/);
  });

  test('that has written nothing yet', async () => {
    const [fromFunction, fromGateway] = [functionLog.length, gateway.log.length];
    const client = await open('/plain-v1?how=watchesSilently');
    await loggedLine(functionLog, fromFunction, /\[plain\].*watching/);
    client.destroy();
    await loggedLine(functionLog, fromFunction, ENDED);
    expect(await loggedLine(gateway.log, fromGateway, GONE)).toMatch(/phase="(?:call|invoke|result)"/);
  });
});
