import { matchRoute } from '../../../src/http/route';

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
  expect(matchRoute(pattern, path, expressParams)).toEqual({ pattern, resource, pathParameters, expressParams });
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
  expect(matchRoute(pattern, path, {})).toEqual({ pattern, resource: '/{proxy+}', pathParameters, expressParams: {} });
});

test('a route answers the same the second time, with the second path', () => {
  for (const pattern of ['/twice/*', /^\/twice\/(.*)$/]) {
    expect(matchRoute(pattern, '/twice/a', {}).pathParameters).toMatchObject({ proxy: expect.stringMatching(/a$/) });
    expect(matchRoute(pattern, '/twice/b', {}).pathParameters).toMatchObject({ proxy: expect.stringMatching(/b$/) });
  }
});
