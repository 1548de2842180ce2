import type { RequestHandler } from 'express';
import type { App, ExpressVersion, Parts } from './support';
import { startApp, VERSIONS } from './support';

/** The same routes, in the syntax of each version. */
const SYNTAX = {
  4: { greedy: '/all/:id/*', optional: '/files/:name?', list: ['/list/:x', '/listed/*'] },
  5: { greedy: '/all/:id/*rest', optional: '/files{/:name}', list: ['/list/:x', '/listed/*rest'] },
} as const;

const next: RequestHandler = (_req, _res, proceed) => {
  proceed();
};

function routes(version: ExpressVersion, payloadFormatVersion: '1.0' | '2.0') {
  return ({ app, express, proxy }: Parts): void => {
    const { greedy, optional, list } = SYNTAX[version];
    const handler = proxy({ payloadFormatVersion });
    const strip = proxy({ payloadFormatVersion, stripPath: true });
    app.get('/users/:id', handler);
    app.all(greedy, handler);
    app.get(optional, handler);
    app.get([...list], handler);
    app.post(/^\/re(\d+)\/(?<tail>.+)$/, handler);
    app.route('/two').get(handler).post(handler);
    app.get('/wrapped/:id', (req, res) => {
      handler(req, res);
    });
    app.use('/rewritten', (req, _res, proceed) => {
      req.url = '/orders/9';
      proceed();
    });
    const inner = express.Router().get('/:line', handler);
    const router = express.Router({ mergeParams: true });
    router.get('/', handler).get('/orders/:order', handler).use('/orders/:order/lines', inner);
    app.use('/t/:tenant', router).use('/rewritten', router);
    app.use('/stripped', strip);
    app.use('/api', handler);
    // Stays in `req.route` for what comes behind it.
    app.get('/left-behind/:x', next).use('/left-behind', handler);
    app.use(proxy({ payloadFormatVersion, functionName: 'default' }));
  };
}

interface Row {
  readonly method?: string;
  readonly target: string;
  readonly resource: string;
  /** Where another method than that of the request stands in the route key. */
  readonly routeKey?: string;
  /** Default: the target without its query. */
  readonly path?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const rows = (version: ExpressVersion): readonly Row[] => {
  const star = version === 4 ? 'proxy' : 'rest';
  return [
    { target: '/users/a%2Fb', resource: '/users/{id}', parameters: { id: 'a%2Fb' } },
    { target: '/users/7?q=1', resource: '/users/{id}', path: '/users/7', parameters: { id: '7' } },
    { method: 'HEAD', target: '/users/7', resource: '/users/{id}', routeKey: 'GET', parameters: { id: '7' } },
    {
      method: 'PUT',
      target: '/all/7/x%20y//z',
      resource: `/all/{id}/{${star}+}`,
      routeKey: 'ANY',
      parameters: { id: '7', [star]: 'x%20y//z' },
    },
    { target: '/files', resource: '/files/{name}' },
    { target: '/files/a.txt', resource: '/files/{name}', parameters: { name: 'a.txt' } },
    { target: '/list/1', resource: '/list/{x}', parameters: { x: '1' } },
    { target: '/listed/a/b', resource: `/listed/{${star}+}`, parameters: { [star]: 'a/b' } },
    {
      method: 'POST',
      target: '/re12/a/b',
      resource: '/{proxy+}',
      parameters: { proxy: 're12/a/b', '0': '12', tail: 'a/b' },
    },
    { target: '/two', resource: '/two', routeKey: 'ANY' },
    { target: '/wrapped/1', resource: '/wrapped/{id}', parameters: { id: '1' } },
    { target: '/t/acme', resource: '/t/acme' },
    { target: '/t/acme/', resource: '/t/acme' },
    { target: '/t/ac%20me/orders/5', resource: '/t/ac%20me/orders/{order}', parameters: { order: '5' } },
    { target: '/t/acme/orders/5/lines/1', resource: '/t/acme/orders/5/lines/{line}', parameters: { line: '1' } },
    {
      target: '/rewritten/whatever?q=1',
      resource: '/rewritten/orders/{order}',
      path: '/rewritten/orders/9',
      parameters: { order: '9' },
    },
  ];
};

const mounted: readonly Row[] = [
  { method: 'POST', target: '/api', resource: '/api', routeKey: 'ANY' },
  { method: 'POST', target: '/api/', resource: '/api', routeKey: 'ANY' },
  { method: 'POST', target: '/api?q=1', resource: '/api', routeKey: 'ANY', path: '/api' },
  {
    method: 'POST',
    target: '/api/a%2Fb//c',
    resource: '/api/{proxy+}',
    routeKey: 'ANY',
    parameters: { proxy: 'a%2Fb//c' },
  },
  {
    method: 'POST',
    target: '/stripped/a/b',
    resource: '/stripped/{proxy+}',
    routeKey: 'ANY',
    path: '/a/b',
    parameters: { proxy: 'a/b' },
  },
  { method: 'POST', target: '/stripped', resource: '/stripped', routeKey: 'ANY', path: '/' },
  { target: '/left-behind/x', resource: '/left-behind/{proxy+}', routeKey: 'ANY', parameters: { proxy: 'x' } },
];

describe.each(VERSIONS)('Express %d', (version) => {
  let rest: App;
  let http: App;

  beforeAll(async () => {
    rest = await startApp(version, routes(version, '1.0'));
    http = await startApp(version, routes(version, '2.0'));
  });
  afterAll(() => Promise.all([rest.close(), http.close()]));

  const decoded = (parameters: Row['parameters']) =>
    Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));

  const cases = [...rows(version), ...mounted].map((row) => [row.method ?? 'GET', row.target, row] as const);

  test.each(cases)('%s %s in format 1.0', async (method, target, { resource, path, parameters }) => {
    expect((await rest.request({ method, target })).statusCode).toBe(200);
    const { event } = rest.lambda.last();
    expect(event).toMatchObject({ resource, httpMethod: method, path: path ?? target });
    expect(event.pathParameters).toEqual(parameters ?? null);
  });

  test.each(cases)('%s %s in format 2.0', async (method, target, { resource, routeKey, path, parameters }) => {
    expect((await http.request({ method, target })).statusCode).toBe(200);
    const { event } = http.lambda.last();
    expect(event).toMatchObject({ routeKey: `${routeKey ?? method} ${resource}`, rawPath: path ?? target });
    expect(event.pathParameters ?? {}).toEqual(decoded(parameters));
  });

  test('middleware without a path is the $default route', async () => {
    await http.request({ method: 'POST', target: '/any/path?a=1' });
    expect(http.lambda.last().functionName).toBe('default');
    expect(http.lambda.last().event).toMatchObject({
      routeKey: '$default',
      rawPath: '/any/path',
      rawQueryString: 'a=1',
    });
    expect(http.lambda.last().event).not.toHaveProperty('pathParameters');
    await rest.request({ method: 'POST', target: '/any/path' });
    expect(rest.lambda.last().event).toMatchObject({ resource: '/{proxy+}', pathParameters: { proxy: 'any/path' } });
  });

  test('the absolute form of a request target below a mount path', async () => {
    await rest.request({ method: 'POST', target: 'http://elsewhere.example/api/x?q=1' });
    expect(rest.lambda.last().event).toMatchObject({ path: '/api/x', queryStringParameters: { q: '1' } });
  });
});
