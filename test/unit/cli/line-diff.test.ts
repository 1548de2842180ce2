import { lineDiff } from '../../../src/cli/setup/line-diff';

const shown = (before: string, after: string): readonly string[] =>
  lineDiff(before, after).map(({ sign, text }) => `${sign}${text}`);

test.each([
  ['nothing', 'a\nb\n', 'a\nb\n', []],
  ['lines in between, with the one before', 'a\nb\n', 'a\nx\ny\nb\n', [' a', '+x', '+y']],
  ['lines at the end', 'a\n', 'a\n\nx\n', [' a', '+', '+x']],
  ['lines at the beginning', 'a\n', 'x\na\n', ['+x']],
  ['two runs', 'a\nb\nc\n', 'a\nx\nb\nc\ny\n', [' a', '+x', ' c', '+y']],
  ['a line with something put into it', 'p: [a]\nb\n', 'p: [a, x]\nb\n', ['-p: [a]', '+p: [a, x]']],
  ['lines that are alike', 'a\n\nb\n', 'a\n\nx\n\nb\n', [' ', '+x', '+']],
])('%s', (_what, before, after, expected) => {
  expect(shown(before, after)).toEqual(expected);
});
