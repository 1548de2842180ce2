'use strict';

/* global Response, URLSearchParams */

const content = require('./content.cjs');

/** @typedef {(request: Request) => Response | Promise<Response>} WebHandler */

/** @type {(body: BodyInit | null, headers?: HeadersInit, status?: number) => Response} */
const reply = (body, headers = {}, status = 200) => new Response(body, { status, headers });
const plain = { 'content-type': 'text/plain' };

/** @type {WebHandler} */
const echo = async (request) => {
  const { pathname, searchParams } = new URL(request.url);
  return Response.json({
    method: request.method,
    path: pathname,
    query: [...searchParams],
    headers: Object.fromEntries(request.headers),
    body: Buffer.from(await request.arrayBuffer()).toString('base64'),
  });
};

/** @type {(headers: [string, string][], text: string) => Response} */
const withHeaders = (headers, text) => reply(text, [['content-type', 'text/plain'], ...headers]);

/**
 * Handlers of Web standard, by method and pattern of the whole path: Powertools' router takes them as they are, and so does any server
 * that speaks `fetch`.
 *
 * @type {readonly (readonly [method: string, path: RegExp, handler: WebHandler])[]}
 */
const routes = [
  ['ANY', /\/echo/, echo],
  ['ANY', /\/echo\/.*/, echo],
  ['GET', /\/text/, () => reply(content.text, { 'content-type': 'text/plain; charset=utf-8' })],
  ['GET', /\/html/, () => reply(content.html, { 'content-type': 'text/html; charset=utf-8' })],
  ['GET', /\/json/, () => Response.json(content.json)],
  ['GET', /\/png/, () => reply(content.png, { 'content-type': 'image/png' })],
  ['GET', /\/gzip/, () => reply(content.gzip, { ...plain, 'content-encoding': 'gzip' })],
  ['GET', /\/empty/, () => reply(null)],
  ['GET', /\/redirect/, () => reply(null, { location: '/target?a=1&b=%20' }, 302)],
  ['GET', /\/moved/, () => reply(null, { location: 'https://example.com/caf%C3%A9' }, 301)],
  ['GET', /\/no-content/, () => reply(null, {}, 204)],
  ['GET', /\/not-modified/, () => reply(null, { etag: '"abc"' }, 304)],
  [
    'GET',
    /\/cookies/,
    () =>
      withHeaders(
        content.cookies.map((cookie) => ['set-cookie', cookie]),
        'cookies',
      ),
  ],
  ['GET', /\/expiring-cookie/, () => withHeaders([['set-cookie', content.expiringCookie]], 'cookie')],
  [
    'GET',
    /\/repeated/,
    () =>
      withHeaders(
        [
          ['x-repeated', 'one'],
          ['x-repeated', 'two'],
        ],
        'repeated',
      ),
  ],
  ['GET', /\/custom-headers/, () => withHeaders(Object.entries(content.customHeaders), 'headers')],
  [
    'GET',
    /\/status\/\d+/,
    (request) => {
      const code = new URL(request.url).pathname.split('/').at(-1);
      return reply(`status ${code}`, plain, Number(code));
    },
  ],
  [
    'GET',
    /\/throws/,
    () => {
      throw new Error('thrown by the app');
    },
  ],
  ['POST', /\/form/, async (request) => Response.json([...new URLSearchParams(await request.text())])],
  ['POST', /\/json/, async (request) => Response.json({ parsed: await request.json() })],
  ['POST', /\/upload/, async (request) => Response.json(await content.describeForm(await request.formData()))],
];

module.exports = {
  routes,
  notFound: () => reply('Not Found', plain, 404),
  failed: () => reply('Internal Server Error', plain, 500),
};
