'use strict';

const { Router } = require('@aws-lambda-powertools/event-handler/http');
const { routes, notFound, failed } = require('./apps/web-app.cjs');

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const app = new Router({ logger: quiet });
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
for (const [method, path, handler] of routes) {
  app.route(({ req }) => handler(req), { method: method === 'ANY' ? methods : [method], path });
}
// Powertools' own pages for these are its own.
app.notFound(notFound);
app.errorHandler(Error, failed);

exports.handler = (event, context) => app.resolve(event, context);
