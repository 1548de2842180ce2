'use strict';

const awsLambdaFastify = require('@fastify/aws-lambda');
const createApp = require('./apps/fastify-app.cjs');

exports.handler = awsLambdaFastify(createApp(), { binaryMimeTypes: ['image/png'] });
