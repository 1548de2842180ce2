'use strict';

const express = require('express');
const content = require('./content.cjs');

const app = express();
// Not the environment's business: the error pages of development have stack traces in them.
app.set('env', 'production');

const raw = express.raw({ type: () => true });

app.all(['/echo', '/echo/*'], raw, (req, res) => {
  const { method, path, query, headers, body } = req;
  const seen = { method, path, query, headers, body: Buffer.isBuffer(body) ? body.toString('base64') : '' };
  // Not by `json`: its ETag would tell of headers that may differ.
  res.type('json').end(JSON.stringify(seen));
});
app.get('/text', (_req, res) => res.type('text/plain').send(content.text));
app.get('/html', (_req, res) => res.send(content.html));
app.get('/json', (_req, res) => res.json(content.json));
app.get('/png', (_req, res) => res.type('image/png').send(content.png));
app.get('/gzip', (_req, res) => res.type('text/plain').set('Content-Encoding', 'gzip').send(content.gzip));
app.get('/empty', (_req, res) => res.end());
app.get('/redirect', (_req, res) => res.redirect('/target?a=1&b=%20'));
app.get('/moved', (_req, res) => res.redirect(301, 'https://example.com/caf%C3%A9'));
app.get('/no-content', (_req, res) => res.status(204).end());
app.get('/not-modified', (_req, res) => res.status(304).set('ETag', '"abc"').end());
app.get('/cookies', (_req, res) => {
  for (const cookie of content.cookies) res.append('Set-Cookie', cookie);
  res.send('cookies');
});
app.get('/expiring-cookie', (_req, res) => res.append('Set-Cookie', content.expiringCookie).send('cookie'));
app.get('/repeated', (_req, res) => res.set('X-Repeated', ['one', 'two']).send('repeated'));
app.get('/custom-headers', (_req, res) => res.set(content.customHeaders).send('headers'));
app.get('/status/:code', (req, res) => res.status(Number(req.params.code)).send(`status ${req.params.code}`));
app.get('/throws', () => {
  throw new Error('thrown by the app');
});
app.post('/form', express.urlencoded({ extended: true }), (req, res) => res.json(req.body));
app.post('/json', express.json(), (req, res) => res.json({ parsed: req.body }));
app.post('/upload', raw, (req, res, next) => {
  content
    .parseMultipart(req.body, req.get('content-type'))
    .then(content.describeForm)
    .then((form) => res.json(form))
    .catch(next);
});

module.exports = app;
