import { splitRequestTarget, stripLiteralPrefix } from '../../../src/http/request-target';
import { matchRoute } from '../../../src/http/route';

describe('splitRequestTarget', () => {
  test.each([
    ['/', '/', ''],
    ['/a/b', '/a/b', ''],
    ['/a?', '/a', ''],
    ['/a?x=1&y', '/a', 'x=1&y'],
    ['/a?b?c=/d', '/a', 'b?c=/d'],
    ['?x', '/', 'x'],
    ['', '/', ''],
    ['a/b', '/a/b', ''],
    // Nothing is decoded, resolved or merged.
    ['/a%2Fb/c%20d?e=%26', '/a%2Fb/c%20d', 'e=%26'],
    ['//evil.example/x', '//evil.example/x', ''],
    ['/a//b/', '/a//b/', ''],
    ['/a/../b/./c', '/a/../b/./c', ''],
    ['/a;v=1?b;c', '/a;v=1', 'b;c'],
    ['/%E0%A4%A', '/%E0%A4%A', ''],
    // A fragment is lost, and the question mark in it.
    ['/a#b?c', '/a', ''],
    ['/a?x=1#f', '/a', 'x=1'],
    // The absolute form loses scheme and authority, and nothing that merely looks like them.
    ['http://h/x?q=1', '/x', 'q=1'],
    ['HTTPS://user@h:8443/x', '/x', ''],
    ['http://h', '/', ''],
    ['http://h?x', '/', 'x'],
    ['http://h//x', '//x', ''],
    ['http://h/http://i/y', '/http://i/y', ''],
    ['/http://h/x', '/http://h/x', ''],
    ['/x?u=http://h/y', '/x', 'u=http://h/y'],
  ])('%p is path %p and query %p', (target, path, rawQuery) => {
    expect(splitRequestTarget(target)).toEqual({ path, rawQuery });
  });
});

describe('stripLiteralPrefix', () => {
  test.each<[pattern: string | RegExp, path: string, stripped: string]>([
    // As the host's own proxy policy does it.
    ['/api/*', '/api/x%2Fy/z', '/x%2Fy/z'],
    ['/*', '/a%20b/c', '/a%20b/c'],
    ['/api/:id', '/api/42', '/42'],
    ['/users/:id/*', '/users/7/x/y', '/7/x/y'],
    ['*', '/any/t', '/any/t'],
    // A route that is a regular expression has no literal prefix; the proxy policy fails there.
    [/^\/v1\/(.*)$/, '/v1/abc', '/v1/abc'],
    ['/', '/', '/'],
    ['/api', '/api', '/'],
    ['/api', '/api/', '/'],
    ['/a/b', '/a/b', '/'],
    ['/api/*', '/api/', '/'],
    ['/api/*', '/api/x/', '/x/'],
    ['/api/*', '/API/x', '/x'],
    ['/api/*', '/api//x', '//x'],
    ['/*', '//x', '//x'],
    ['/a/b/c/*', '/a/b/c/d/e', '/d/e'],
    // The segment with the first wildcard stays whole.
    ['/api*', '/apix/y', '/apix/y'],
    ['/v/a:b/c', '/v/a1/c', '/a1/c'],
    ['/v/:x?', '/v', '/'],
    ['/v/:x?', '/v/1', '/1'],
    ['/v/:n(\\d+)', '/v/12', '/12'],
    ['/v/(a|b)/c', '/v/a/c', '/a/c'],
    ['/v/*/w/*', '/v/1/w/2', '/1/w/2'],
  ])('%p makes of %p: %p', (pattern, path, stripped) => {
    const { resource } = matchRoute({ pattern, syntax: 4, mountPath: '', params: {} }, path);
    expect(stripLiteralPrefix(path, resource)).toBe(stripped);
  });
});
