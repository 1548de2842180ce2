'use strict';

const { handle } = require('hono/aws-lambda');
const app = require('./apps/hono-app.cjs');

exports.handler = handle(app);
