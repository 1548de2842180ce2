import type { ErrorCode } from '../../../src/errors/catalogue';
import { eventually, loggedLine } from '../../support/eventually';
import { streamedResponse } from '../../support/lambda-endpoint';
import { type Stack, startStack } from '../../support/stack';
import { failingRoutes, failures, provoke, SECRET, secretRequest } from './failures';

const REGION = { region: 'eu-central-1' };
const CALL = /lambda-proxy call /;

async function startAt(level: string | undefined): Promise<Stack> {
  const routes = {
    ...(await failingRoutes()),
    plain: { action: { ...REGION, qualifier: 'live' } },
    streamed: { action: { ...REGION, invokeMode: 'RESPONSE_STREAM' } },
  };
  return startStack(routes, { env: { AWS_REGION: undefined, LOG_LEVEL: level } });
}

/** The fields of a line: `name=value`, the value a word or JSON's text. */
function fieldsOf(line: string): Readonly<Record<string, string>> {
  const fields = line.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S*)/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}

describe('at level debug', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await startAt('debug')));
  beforeEach(() => {
    stack.lambda.reset();
  });
  afterAll(() => stack.close());

  const callsSince = (from: number): readonly string[] =>
    stack.gateway.log.slice(from).filter((line) => line.includes('lambda-proxy call '));

  test('one line for each call: how it ended, what went over, and where its time went', async () => {
    const from = stack.gateway.log.length;
    const response = await stack.request(secretRequest('/plain'));
    const line = await loggedLine(stack.gateway.log, from, CALL);
    expect(line).toMatch(/^\[EG:plugins\] debug: lambda-proxy call status=200 outcome=OK function="plain" /);
    const {
      ms,
      status,
      outcome,
      function: name,
      qualifier,
      requestId,
      attempts,
      sent,
      received,
      ...stages
    } = fieldsOf(line);
    expect({ status, outcome, name, qualifier, attempts }).toEqual({
      status: '200',
      outcome: 'OK',
      name: '"plain"',
      qualifier: '"live"',
      attempts: '1',
    });
    expect(requestId).toBe(JSON.stringify(response.all('x-amzn-requestid')[0]));
    expect([sent, received]).toEqual([
      String(stack.lambda.last().body.length),
      String(JSON.stringify({ statusCode: 200, body: 'ok' }).length),
    ]);
    expect(Object.keys(stages)).toEqual([
      'request',
      'event',
      'credentials',
      'connect',
      'invoke',
      'body',
      'result',
      'answer',
    ]);
    // Nothing of a request's time is missing: the stages are all of it, but for what rounding makes of each.
    const sum = Object.values(stages).reduce((before, text) => before + Number(text), 0);
    expect(Math.abs(sum - Number(ms))).toBeLessThan(1 + 0.05 * Number(ms));
    expect(callsSince(from)).toHaveLength(1);
  });

  test('a stream has its stage, as long as it lasts', async () => {
    const from = stack.gateway.log.length;
    stack.lambda.respondWith(streamedResponse({}, 'one', 'two'));
    await stack.request({ target: '/streamed' });
    const { received, stream } = fieldsOf(await loggedLine(stack.gateway.log, from, CALL));
    expect(received).toBe('6');
    expect(stream).toMatch(/^\d+\.\d$/);
  });

  describe('no line, of whomever, has a secret in it: headers, cookies, keys, query or body', () => {
    const untilLogged = async (from: number): Promise<string> => {
      await eventually(() => callsSince(from).length > 0);
      return stack.gateway.log.slice(from).join('\n');
    };

    test('a call that succeeds', async () => {
      const from = stack.gateway.log.length;
      stack.lambda.respondWith({ result: { headers: { 'Set-Cookie': SECRET, 'X-A': SECRET }, body: SECRET } });
      expect((await stack.request(secretRequest('/plain'))).body.toString()).toBe(SECRET);
      expect(await untilLogged(from)).not.toMatch(new RegExp(`${SECRET}|AKIDEXAMPLE|test-secret`));
    });

    test.each(Object.keys(failures) as ErrorCode[])('%s', async (code) => {
      const from = stack.gateway.log.length;
      await provoke(stack, code);
      const names = [code, failures[code].or ?? code].join('|');
      const failure = await loggedLine(stack.gateway.log, from, new RegExp(`lambda-proxy (?:${names}) `));
      const text = await untilLogged(from);
      expect(text).toContain(`outcome=${/lambda-proxy ([A-Z_]+)/.exec(failure)?.[1] ?? ''}`);
      expect(text).not.toMatch(new RegExp(`${SECRET}|AKIDEXAMPLE|test-secret`));
    });

    test('a URL with a key, and an API key', async () => {
      const from = stack.gateway.log.length;
      expect((await stack.request(secretRequest('/url-refused'))).statusCode).toBe(500);
      const text = await untilLogged(from);
      expect(text).toMatch(/lambda-proxy UPSTREAM_UNAVAILABLE .*function="http:\/\/127\.0\.0\.1:\d+\/base"/);
      expect(text).not.toContain(SECRET);
    });
  });
});

describe.each([['info'], [undefined]])('at level %s', (level) => {
  let stack: Stack;
  beforeAll(async () => (stack = await startAt(level)));
  afterAll(() => stack.close());

  test('calls leave no line, failures one', async () => {
    const from = stack.gateway.log.length;
    await stack.request({ target: '/plain' });
    await provoke(stack, 'FUNCTION_ERROR');
    // What a request logs at its end is there before the next one begins.
    await stack.request({ target: '/function-error' });
    const failure: unknown = expect.stringMatching(/error: lambda-proxy FUNCTION_ERROR /);
    expect(stack.gateway.log.slice(from)).toEqual([failure, failure]);
  });
});
