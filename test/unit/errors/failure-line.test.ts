import { failureLine } from '../../../src/errors/failure-line';
import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';

const CONTEXT = {
  status: 500,
  function: 'orders',
  qualifier: '',
  requestId: 'r1',
  attempts: 1,
  phase: 'invoke',
  ms: 12,
};

const line = (message: string, cause?: unknown): string =>
  failureLine(new LambdaProxyError('INTERNAL', message, cause === undefined ? {} : { cause }), CONTEXT);

const causeIn = (text: string): string => JSON.parse(text.slice(text.indexOf(' cause=') + 7)) as string;

/** An error as the system makes it. */
const systemError = (code: string, message: string): Error => Object.assign(new Error(message), { code });

test('is code, context and cause: numbers bare, text as JSON', () => {
  expect(line('it failed')).toBe(
    'lambda-proxy INTERNAL status=500 function="orders" qualifier="" requestId="r1" attempts=1 phase="invoke" ms=12 cause="it failed"',
  );
});

test.each<[name: string, cause: unknown, text: string]>([
  ['no cause', undefined, 'top'],
  ['an error', new Error('a'), 'top: Error: a'],
  ['a named error', new TypeError('a'), 'top: TypeError: a'],
  ['an error with a code', systemError('ECONNRESET', 'socket hang up'), 'top: ECONNRESET: socket hang up'],
  ['a code without a message', systemError('ECONNREFUSED', ''), 'top: ECONNREFUSED'],
  ['no message', new RangeError(''), 'top: RangeError'],
  ['a chain', new Error('a', { cause: new TypeError('b', { cause: 'c' }) }), 'top: Error: a: TypeError: b: c'],
  ['a text', 'why', 'top: why'],
  ['an empty text', '', 'top'],
  // Whatever else was thrown may hold anything: its kind is all that is said.
  ['an object', { secret: 'x' }, 'top: object'],
  ['null', null, 'top: object'],
  ['a number', 42, 'top: number'],
])('the cause: %s', (_name, cause, text) => {
  expect(causeIn(line('top', cause))).toBe(text);
});

test('an error without a message begins with its cause', () => {
  expect(causeIn(line('', new Error('a')))).toBe('Error: a');
});

test('a chain is followed for four causes, a circle no further', () => {
  const deep = [5, 4, 3, 2, 1].reduce<Error | undefined>(
    (cause, n) => new Error(`c${String(n)}`, cause && { cause }),
    undefined,
  );
  expect(causeIn(line('top', deep))).toBe('top: Error: c1: Error: c2: Error: c3: Error: c4');
  const circle = new Error('a');
  circle.cause = circle;
  expect(causeIn(line('top', circle))).toBe('top: Error: a: Error: a: Error: a: Error: a');
});

test.each([
  [499, false],
  [500, false],
  [501, true],
  [100_000, true],
])('a cause of %d characters is cut: %p', (length, isCut) => {
  const text = causeIn(line('x'.repeat(length)));
  expect(text).toBe(isCut ? `${'x'.repeat(500)}…` : 'x'.repeat(length));
});

test.each(['a\nb', 'a\r\nb', 'a"b', 'a\\b', 'a\0b', 'a\u001b[31mb', '😀'.repeat(300)])(
  'one line without control characters, whatever the text: %p',
  (text) => {
    const lines = [
      line(text),
      line('top', new Error(text)),
      failureLine(new LambdaProxyError('INTERNAL', ''), { ...CONTEXT, function: text }),
    ];
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    for (const written of lines) expect(written).toMatch(/^lambda-proxy INTERNAL [^\u0000-\u001f]*$/);
  },
);

test('a quote in a text does not end its field', () => {
  expect(causeIn(line('" status=200 cause="'))).toBe('" status=200 cause="');
});

test('characters that log readers take for line breaks or commands are escaped', () => {
  const error = new LambdaProxyError('INTERNAL', 'a\u2028b\u0085c\u009bd\n');
  expect(failureLine(error, CONTEXT)).toContain('cause="a\\u2028b\\u0085c\\u009bd\\n"');
});
