'use strict';

const { finished } = require('node:stream');
const { highWaterMarkOf } = require('./awslambda.js');
const { createStreamingContext } = require('./context.js');
const { isThenable } = require('./is-thenable.js');
const { ResponseStream } = require('./response-stream.js');
const { nodeJsExit } = require('./runtime-errors.js');
const { SendWindow } = require('./send-window.js');

/** @typedef {import('./load-handler.js').Handler} Handler */
/** @typedef {(event: unknown, responseStream: ResponseStream, context: unknown) => unknown} StreamingHandler */
/** @typedef {import('../worker-protocol').InvokeMessage} InvokeMessage */

/**
 * Where a streaming invocation sends its output and reports its end.
 *
 * @typedef {object} StreamTarget
 * @property {(piece: Uint8Array<ArrayBuffer>) => void} chunk
 * @property {() => void} streamed The handler is done and its stream has ended.
 * @property {(error: unknown) => void} error
 * @property {(action: () => void) => void} whenLoopIsEmpty Replaces what happens once the function waits for nothing.
 * @property {(waiting: boolean) => void} setWaiting Whether output waits for its reader.
 */

/**
 * What the server tells of the reader while the invocation runs.
 *
 * @typedef {object} StreamControl
 * @property {(size: number) => void} taken
 * @property {() => void} abort The reader is gone.
 * @property {() => void} close The invocation ended; nothing more is sent.
 */

/**
 * Calls a handler that writes its result to a stream. Done is it when the handler's promise and the stream are.
 *
 * @param {Handler} handler
 * @param {InvokeMessage} message
 * @param {StreamTarget} target
 * @returns {StreamControl}
 */
function invokeStreaming(handler, message, target) {
  const window = new SendWindow(target.chunk, target.setWaiting);
  const stream = new ResponseStream(window, highWaterMarkOf(handler));
  // The function may listen or not; without a listener an aborted stream would be an uncaught exception.
  stream.on('error', () => {});
  target.whenLoopIsEmpty(() => target.error(nodeJsExit()));
  runHandler(/** @type {StreamingHandler} */ (/** @type {unknown} */ (handler)), message, stream).then(
    () => {
      target.whenLoopIsEmpty(() => target.error(new Error('Response stream is not finished.')));
      finished(stream, (error) => (error ? target.error(error) : target.streamed()));
    },
    (error) => {
      target.whenLoopIsEmpty(() => target.error(error));
      flush(stream, () => target.error(error));
    },
  );
  return {
    taken: (size) => window.taken(size),
    abort: () => stream.destroy(Object.assign(new Error('The caller is gone'), { code: 'ECONNRESET' })),
    close: () => stream.destroy(),
  };
}

/**
 * @param {StreamingHandler} handler
 * @param {InvokeMessage} message
 * @param {ResponseStream} stream
 */
async function runHandler(handler, message, stream) {
  const returned = handler(JSON.parse(message.event), stream, createStreamingContext(message));
  if (!isThenable(returned)) throw new Error('Streaming does not support non-async handlers.');
  if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
}

/**
 * What a handler wrote before it failed reaches the reader still.
 *
 * @param {ResponseStream} stream
 * @param {() => void} done
 */
function flush(stream, done) {
  if (!stream.writableEnded && !stream.destroyed) stream.end();
  finished(stream, () => done());
}

module.exports = { invokeStreaming };
