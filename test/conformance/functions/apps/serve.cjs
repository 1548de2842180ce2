'use strict';

// Serves every app directly over HTTP and tells the parent process the ports, by the name of the function that runs the
// same app. A process of its own: the apps must not meet the module registry of a test.
const http = require('node:http');
const { getRequestListener } = require('@hono/node-server');
const expressApp = require('./express-app.cjs');
const createFastifyApp = require('./fastify-app.cjs');
const honoApp = require('./hono-app.cjs');
const { routes, notFound, failed } = require('./web-app.cjs');

/** @param {Request} request */
async function webApp(request) {
  const { pathname } = new URL(request.url);
  const matches = ([method, path]) =>
    [request.method, 'ANY'].includes(method) && new RegExp(`^${path.source}$`).test(pathname);
  const [, , handler = notFound] = routes.find(matches) ?? [];
  return Promise.resolve(request).then(handler).catch(failed);
}

/** @param {import('node:http').RequestListener} listener */
const listen = (listener) =>
  new Promise((resolve) => {
    const server = http.createServer(listener).listen(0, '127.0.0.1', () => resolve(server.address().port));
  });

async function listenFastify() {
  const app = createFastifyApp();
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

async function main() {
  const express = await listen(expressApp);
  process.send({
    hono: await listen(getRequestListener(honoApp.fetch)),
    fastify: await listenFastify(),
    'serverless-http': express,
    'serverless-express': express,
    powertools: await listen(getRequestListener(webApp)),
  });
}

process.once('disconnect', () => process.exit());
void main();
