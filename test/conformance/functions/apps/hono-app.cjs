'use strict';

const { Hono } = require('hono');
const content = require('./content.cjs');

const app = new Hono();

const echo = async (c) =>
  c.json({
    method: c.req.method,
    path: new URL(c.req.url).pathname,
    query: c.req.queries(),
    headers: c.req.header(),
    body: Buffer.from(await c.req.arrayBuffer()).toString('base64'),
  });
app.all('/echo', echo);
app.all('/echo/*', echo);
// Said here: the Response of Node and that of Hono's server spell their default differently.
app.get('/text', (c) => c.text(content.text, 200, { 'Content-Type': 'text/plain; charset=utf-8' }));
app.get('/html', (c) => c.html(content.html));
app.get('/json', (c) => c.json(content.json));
app.get('/png', (c) => c.body(content.png, 200, { 'Content-Type': 'image/png' }));
app.get('/gzip', (c) => c.body(content.gzip, 200, { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' }));
app.get('/empty', (c) => c.body(null));
app.get('/redirect', (c) => c.redirect('/target?a=1&b=%20'));
app.get('/moved', (c) => c.redirect('https://example.com/caf%C3%A9', 301));
app.get('/no-content', (c) => c.body(null, 204));
app.get('/not-modified', (c) => c.body(null, 304, { ETag: '"abc"' }));
app.get('/cookies', (c) => {
  for (const cookie of content.cookies) c.header('Set-Cookie', cookie, { append: true });
  return c.text('cookies');
});
app.get('/expiring-cookie', (c) => c.text('cookie', 200, { 'Set-Cookie': content.expiringCookie }));
app.get('/repeated', (c) => {
  c.header('X-Repeated', 'one', { append: true });
  c.header('X-Repeated', 'two', { append: true });
  return c.text('repeated');
});
app.get('/custom-headers', (c) => c.text('headers', 200, content.customHeaders));
app.get('/status/:code', (c) => c.text(`status ${c.req.param('code')}`, Number(c.req.param('code'))));
app.get('/throws', () => {
  throw new Error('thrown by the app');
});
app.post('/form', async (c) => c.json(await c.req.parseBody({ all: true })));
app.post('/json', async (c) => c.json({ parsed: await c.req.json() }));
app.post('/upload', async (c) => c.json(await content.describeForm(await c.req.formData())));
// Hono prints what an app throws.
app.onError((_error, c) => c.text('Internal Server Error', 500));

module.exports = app;
