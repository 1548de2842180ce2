import { targetBelow, withoutQuery } from '../../../src/upstreams/target-url';

test.each([
  ['https://a.example', '/', '', '/', ''],
  ['https://a.example', '/x', 'b=1', '/x', 'b=1'],
  ['https://a.example/', '/x/', '', '/x/', ''],
  ['https://a.example/base', '/', '', '/base', ''],
  ['https://a.example/base/', '/', '', '/base/', ''],
  ['https://a.example/base/', '/x', '', '/base/x', ''],
  ['https://a.example/base', '//x', '', '/base//x', ''],
  ['https://a.example/b%2Fc', '/d%2Fe', '', '/b%2Fc/d%2Fe', ''],
  ['https://a.example?k=1', '/x', '', '/x', 'k=1'],
  ['https://a.example/?k=1', '/x', 'b=2', '/x', 'k=1&b=2'],
])('below %s: %s?%s is %s?%s', (url, path, rawQuery, expectedPath, expectedQuery) => {
  expect(targetBelow(url, { path, rawQuery })).toEqual({ path: expectedPath, rawQuery: expectedQuery });
});

test.each([
  '/..',
  '/../x',
  '/a/../../x',
  '/a/./../../x',
  '//../x',
  '/%2e%2e/x',
  '/.%2E/x',
  '/a%2f..%2f../x',
  '/a\\..\\../x',
  '/a%5C..%5C..%5Cx',
])('%s leads out of a path, and is refused where the URL has one', (path) => {
  const target = { path, rawQuery: '' };
  expect(() => targetBelow('https://a.example/base', target)).toThrow(
    expect.objectContaining({ code: 'PATH_REFUSED' }),
  );
  expect(targetBelow('https://a.example', target).path).toBe(path);
});

test.each(['/a/../x', '/a/b/../..', '/..a/x', '/a/...', '/a/.../../..', '/%252e%252e/x'])(
  '%s stays below it',
  (path) => {
    expect(targetBelow('https://a.example/base', { path, rawQuery: '' }).path).toBe(`/base${path}`);
  },
);

test('the log has no query', () => {
  expect(withoutQuery('https://a.example/b?key=secret?c')).toBe('https://a.example/b');
  expect(withoutQuery('https://a.example/b')).toBe('https://a.example/b');
});
