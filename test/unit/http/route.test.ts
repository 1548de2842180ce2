import { isPathOf, matchRoute } from '../../../src/http/route';

const ofGateway = { syntax: 4, mountPath: '' } as const;

type Parameters = Readonly<Record<string, string>>;

test.each<[pattern: string, path: string, resource: string, pathParameters: Parameters]>([
  ['/', '/', '/', {}],
  ['/a/b', '/a/b/', '/a/b', {}],
  ['/*', '/', '/{proxy+}', {}],
  ['/*', '/a%2Fb/c%20d', '/{proxy+}', { proxy: 'a%2Fb/c%20d' }],
  ['/*', '//x', '/{proxy+}', { proxy: 'x' }],
  ['/*', '/a//b', '/{proxy+}', { proxy: 'a//b' }],
  ['/*', '/a/', '/{proxy+}', { proxy: 'a' }],
  ['/*', '/a/%2F/', '/{proxy+}', { proxy: 'a/%2F' }],
  ['*', '/', '/{proxy+}', {}],
  ['*', '/any/t', '/{proxy+}', { proxy: 'any/t' }],
  ['*', '//any/t/', '/{proxy+}', { proxy: 'any/t' }],
  ['/api/*', '/api/', '/api/{proxy+}', {}],
  ['/api/*', '/api/a/b', '/api/{proxy+}', { proxy: 'a/b' }],
  ['/api/*', '/API/X/y/', '/api/{proxy+}', { proxy: 'X/y' }],
  ['/api/*', '/api//x', '/api/{proxy+}', { proxy: 'x' }],
  ['/api/:id', '/api/42', '/api/{id}', { id: '42' }],
  ['/api/:id', '/api/42/', '/api/{id}', { id: '42' }],
  ['/api/:id', '/api/a%2Fb', '/api/{id}', { id: 'a%2Fb' }],
  ['/api/:id', '/api/%E2%98%95+%40', '/api/{id}', { id: '%E2%98%95+%40' }],
  ['/:proxy', '/a', '/{proxy}', { proxy: 'a' }],
  ['/users/:id/*', '/users/7/x/y%20z', '/users/{id}/{proxy+}', { id: '7', proxy: 'x/y%20z' }],
  ['/users/:id/*', '/users/7/', '/users/{id}/{proxy+}', { id: '7' }],
  ['/:a/:b_2', '/1/2', '/{a}/{b_2}', { a: '1', b_2: '2' }],
  ['/from-:a/to.:b', '/from-x/to.y', '/from-{a}/to.{b}', { a: 'x', b: 'y' }],
  // What API Gateway has no word for.
  ['/api*', '/api', '/api{proxy+}', {}],
  ['/api*', '/apix/y', '/api{proxy+}', { proxy: 'x/y' }],
  ['/*/x/*', '/a/b/x/c/d', '/{0}/x/{proxy+}', { '0': 'a/b', proxy: 'c/d' }],
  ['/*/x/*', '/a/x/', '/{0}/x/{proxy+}', { '0': 'a' }],
  ['/:x?', '/', '/{x}', {}],
  ['/:x?', '/1', '/{x}', { x: '1' }],
  ['/:a/:x?', '/1', '/{a}/{x}', { a: '1' }],
  ['/n/:n(\\d+)', '/n/42', '/n/{n}', { n: '42' }],
  ['/:n(\\d*)/*', '/1/b/c', '/{n}/{proxy+}', { n: '1', proxy: 'b/c' }],
  ['/n/:n(\\d+)/*', '/n/42/x', '/n/{n}/{proxy+}', { n: '42', proxy: 'x' }],
])('%s, asked for %s, is %s with %p', (pattern, path, resource, pathParameters) => {
  const expressParams = { decoded: 'by Express' };
  expect(matchRoute({ ...ofGateway, pattern, params: expressParams }, path)).toEqual({
    pattern,
    resource,
    pathParameters,
    expressParams,
  });
});

test.each<[pattern: RegExp, path: string, pathParameters: Parameters]>([
  [/^\/v(\d+)\/(.*)$/, '/v1/abc%20/d', { proxy: 'v1/abc%20/d', '0': '1', '1': 'abc%20/d' }],
  [/^\/v(?<major>\d+)$/, '/v12', { proxy: 'v12', major: '12' }],
  [/^\/v(?<major>\d+)\/(.*)$/, '/v1/a/b', { proxy: 'v1/a/b', major: '1', '0': 'a/b' }],
  [/^\/(?:x|y)\/(.*)$/, '/x/1', { proxy: 'x/1', '0': '1' }],
  [/^\/(a)?(b)$/, '/b', { proxy: 'b', '1': 'b' }],
  [/^\/x$/, '/x', { proxy: 'x' }],
  [/^\/.*$/, '/x/', { proxy: 'x' }],
  [/^\/$/, '/', {}],
])('the expression %s, asked for %s, gives %p below /{proxy+}', (pattern, path, pathParameters) => {
  expect(matchRoute({ ...ofGateway, pattern, params: {} }, path)).toEqual({
    pattern,
    resource: '/{proxy+}',
    pathParameters,
    expressParams: {},
  });
});

test('a route answers the same the second time, with the second path', () => {
  for (const pattern of ['/twice/*', /^\/twice\/(.*)$/]) {
    const route = { ...ofGateway, pattern, params: {} };
    expect(matchRoute(route, '/twice/a').pathParameters).toMatchObject({ proxy: expect.stringMatching(/a$/) });
    expect(matchRoute(route, '/twice/b').pathParameters).toMatchObject({ proxy: expect.stringMatching(/b$/) });
  }
});

test.each<[pattern: string, path: string, resource: string, pathParameters: Parameters]>([
  ['/', '/', '/', {}],
  ['/a/b', '/a/b/', '/a/b', {}],
  ['/users/:id', '/users/a%2Fb', '/users/{id}', { id: 'a%2Fb' }],
  ['/users/:id/*rest', '/users/7/x/y%20z/', '/users/{id}/{rest+}', { id: '7', rest: 'x/y%20z' }],
  ['/*rest', '//x', '/{rest+}', { rest: 'x' }],
  ['/files{/:name}', '/files', '/files/{name}', {}],
  ['/files{/:name}', '/files/n', '/files/{name}', { name: 'n' }],
  ['/{*rest}', '/', '/{rest+}', {}],
  ['/:file{.:type}', '/a.png', '/{file}.{type}', { file: 'a', type: 'png' }],
  ['/*before/x/:after', '/a/b/x/c', '/{before+}/x/{after}', { before: 'a/b', after: 'c' }],
  ['/quoted/:"a-b"', '/quoted/1', '/quoted/{a-b}', { 'a-b': '1' }],
  ['/literal\\:id', '/literal:id', '/literal:id', {}],
  ['*', '/any/t', '/{proxy+}', { proxy: 'any/t' }],
])("Express 5's %s, asked for %s, is %s with %p", (pattern, path, resource, pathParameters) => {
  const route = { pattern, syntax: 5, mountPath: '', params: {} } as const;
  expect(matchRoute(route, path)).toMatchObject({ pattern, resource, pathParameters });
});

test.each<[pattern: string | RegExp, path: string, full: string | RegExp, resource: string, parameters: Parameters]>([
  ['/', '/api', '/api', '/api', {}],
  ['/', '/api/', '/api', '/api', {}],
  ['*', '/api/x/y', '/api/*', '/api/{proxy+}', { proxy: 'x/y' }],
  ['/:id', '/api/7', '/api/:id', '/api/{id}', { id: '7' }],
  [/^\/v(\d+)$/, '/api/v1', /^\/v(\d+)$/, '/api/{proxy+}', { proxy: 'v1', '0': '1' }],
])('%s of a router at /api, asked for %s, is %s or %s with %p', (pattern, path, full, resource, pathParameters) => {
  for (const syntax of [4, 5] as const) {
    const matched = matchRoute({ pattern, syntax, mountPath: '/api', params: {} }, path);
    expect(matched).toEqual({ pattern: full, resource, pathParameters, expressParams: {} });
  }
});

test.each<[pattern: string | RegExp, syntax: 4 | 5, path: string, expected: boolean]>([
  ['/a/:b', 4, '/a/1', true],
  ['/a/:b', 4, '/a', false],
  ['/a/*rest', 5, '/a/1/2', true],
  ['/a/*rest', 5, '/b', false],
  [/^\/a$/, 4, '/a', true],
  [/^\/a$/, 5, '/b', false],
  ['*', 5, '/', true],
])('%s (Express %d) has the path %s: %p', (pattern, syntax, path, expected) => {
  expect(isPathOf({ pattern, syntax, mountPath: '' }, path)).toBe(expected);
});
