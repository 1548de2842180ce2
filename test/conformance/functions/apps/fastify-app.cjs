'use strict';

/* global URLSearchParams */

const fastify = require('fastify');
const content = require('./content.cjs');

/** A new app: served directly it has to listen, behind the adapter it must not. */
module.exports = function createApp() {
  const app = fastify({ routerOptions: { ignoreTrailingSlash: false } });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const echo = (request, reply) => {
    const { method, url, query, headers, body } = request;
    const path = url.split('?', 1)[0];
    reply.send({ method, path, query, headers, body: Buffer.isBuffer(body) ? body.toString('base64') : '' });
  };
  app.all('/echo', echo);
  app.all('/echo/*', echo);
  app.get('/text', (_request, reply) => reply.type('text/plain; charset=utf-8').send(content.text));
  app.get('/html', (_request, reply) => reply.type('text/html; charset=utf-8').send(content.html));
  app.get('/json', (_request, reply) => reply.send(content.json));
  app.get('/png', (_request, reply) => reply.type('image/png').send(content.png));
  app.get('/gzip', (_request, reply) => reply.type('text/plain').header('content-encoding', 'gzip').send(content.gzip));
  app.get('/empty', (_request, reply) => reply.send());
  app.get('/redirect', (_request, reply) => reply.redirect('/target?a=1&b=%20'));
  app.get('/moved', (_request, reply) => reply.redirect('https://example.com/caf%C3%A9', 301));
  app.get('/no-content', (_request, reply) => reply.code(204).send());
  app.get('/not-modified', (_request, reply) => reply.code(304).header('etag', '"abc"').send());
  app.get('/cookies', (_request, reply) => reply.header('set-cookie', content.cookies).send('cookies'));
  app.get('/expiring-cookie', (_request, reply) => reply.header('set-cookie', content.expiringCookie).send('cookie'));
  app.get('/repeated', (_request, reply) => reply.header('x-repeated', ['one', 'two']).send('repeated'));
  app.get('/custom-headers', (_request, reply) => reply.headers(content.customHeaders).send('headers'));
  app.get('/status/:code', (request, reply) =>
    reply.code(Number(request.params.code)).send(`status ${request.params.code}`),
  );
  app.get('/throws', () => {
    throw new Error('thrown by the app');
  });
  app.post('/form', (request, reply) => reply.send([...new URLSearchParams(request.body.toString())]));
  app.post('/json', (request, reply) => reply.send({ parsed: JSON.parse(request.body.toString()) }));
  app.post('/upload', async (request) => {
    const form = await content.parseMultipart(request.body, request.headers['content-type']);
    return content.describeForm(form);
  });
  return app;
};
