import { invocationLine, logLine } from '../../../src/cli/local/lines';

const at = new Date(2026, 0, 1, 9, 5, 7);
const report = { durationMs: 12.4, memorySize: 128, memoryUsed: 3.2 * 2 ** 20, initDurationMs: undefined };

test.each([
  ['a good one', { error: undefined, report }, '09:05:07  hello  ok  12 ms  4 MB'],
  [
    'the first one',
    { error: undefined, report: { ...report, initDurationMs: 80.2 } },
    '09:05:07  hello  ok  12 ms  (+ 80 ms to load)  4 MB',
  ],
  ['one without figures', { error: undefined, report: undefined }, '09:05:07  hello  ok'],
  [
    'an error in one line',
    { error: '{"errorType":"Error","errorMessage":"a\\n  b"}', report: { ...report, memoryUsed: undefined } },
    '09:05:07  hello  failed  12 ms  Error: a b',
  ],
  [
    'an error without a message',
    { error: '{"errorType":"Error"}', report: undefined },
    '09:05:07  hello  failed  Error',
  ],
  ['an error that is no object', { error: 'null', report: undefined }, '09:05:07  hello  failed  null'],
  ['an error that is no JSON', { error: 'text', report: undefined }, '09:05:07  hello  failed  text'],
])('%s', (_what, parts, line) => {
  expect(invocationLine({ functionName: 'hello', requestId: 'r', ...parts }, at)).toBe(line);
});

test.each([
  ['[hello] START RequestId: 1 Version: $LATEST', undefined],
  ['[hello] END RequestId: 1', undefined],
  ['[hello] REPORT RequestId: 1\tDuration: 1 ms', undefined],
  ['[hello] 2026-01-01T00:00:00.000Z\tabc\tINFO\tsaid\tso', '    hello | INFO said\tso'],
  ['[hello] written to stdout', '    hello | written to stdout'],
  [
    '[hello] 2026-01-01T00:00:00.000Z\tabc\tERROR\tInvoke Error \t{"errorType":"E","stack":["E: x","    at y"]}',
    '    hello | ERROR Invoke Error\n    hello | E: x\n    hello |     at y',
  ],
  ['[hello] ERROR \t{"errorType": broken}', '    hello | ERROR\n    hello | {"errorType": broken}'],
  ['Local Lambda: of no function', 'Local Lambda: of no function'],
])('%j is shown as %j', (line, shown) => {
  expect(logLine(line)).toBe(shown);
});
