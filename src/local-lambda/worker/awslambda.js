'use strict';

const { HttpResponseStream } = require('./http-response-stream.js');

/** @typedef {import('./load-handler.js').Handler} Handler */

// The runtime's own marks: libraries that wrap handlers read and set them as well.
const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/**
 * Makes the global `awslambda` that a function finds in Lambda's Node.js runtime:
 * https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
function defineAwsLambda() {
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream } });
}

/**
 * Marks a handler that takes `(event, responseStream, context)`.
 *
 * @param {Handler} handler
 * @param {{ readonly highWaterMark?: number }} [options]
 */
function streamifyResponse(handler, options) {
  const marks = { [streaming]: 'response' };
  if (typeof options?.highWaterMark === 'number') Object.assign(marks, { [highWaterMark]: options.highWaterMark });
  return Object.assign(handler, marks);
}

/** @param {Handler} handler */
function isStreaming(handler) {
  return Reflect.get(handler, streaming) === 'response';
}

/**
 * @param {Handler} handler
 * @returns {number | undefined} Bytes; undefined when the function does not care.
 */
function highWaterMarkOf(handler) {
  return Reflect.get(handler, highWaterMark);
}

module.exports = { defineAwsLambda, highWaterMarkOf, isStreaming };
