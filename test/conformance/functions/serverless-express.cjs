'use strict';

const serverlessExpress = require('@vendia/serverless-express');
const app = require('./apps/express-app.cjs');

exports.handler = serverlessExpress({
  app,
  binarySettings: { contentTypes: ['image/png'], contentEncodings: ['gzip'] },
});
