'use strict';

const serverless = require('serverless-http');
const app = require('./apps/express-app.cjs');

exports.handler = serverless(app, { binary: ['image/png'] });
