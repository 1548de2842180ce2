'use strict';

/**
 * What runs in the worker thread of an execution environment: loads the function's module, then runs the invocations
 * that the server sends, one at a time. Plain JavaScript, for Node.js itself loads it, be it from `src` or from `dist`.
 *
 * It keeps to what Lambda's runtime does: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */

const { parentPort, workerData } = require('node:worker_threads');
const { defineAwsLambda, isStreaming } = require('./awslambda.js');
const { invokeBuffered } = require('./invoke-buffered.js');
const { invokeStreaming } = require('./invoke-streaming.js');
const { createLambdaConsole } = require('./lambda-console.js');
const { loadHandler } = require('./load-handler.js');
const { toErrorPayload, unhandledRejection } = require('./runtime-errors.js');

/** @typedef {import('../worker-protocol').InvokeMessage} InvokeMessage */
/** @typedef {import('../worker-protocol').MessageFromWorker} MessageFromWorker */
/** @typedef {import('../worker-protocol').MessageToWorker} MessageToWorker */
/** @typedef {import('./load-handler.js').Handler} Handler */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const setup = /** @type {import('../worker-protocol').WorkerSetup} */ (workerData);

// The runtime's own exit codes after an error that nobody caught.
const exitCodes = { unhandledRejection: 128, uncaughtException: 129 };

/**
 * Id of the invocation whose end the server still waits for.
 *
 * @type {string | undefined}
 */
let running;
/**
 * The output of that invocation, if its handler streams.
 *
 * @type {import('./invoke-streaming.js').StreamControl | undefined}
 */
let stream;
/** What to do when the function has nothing left to wait for. */
let whenLoopIsEmpty = () => {};

/** @param {MessageFromWorker} message */
function send(message) {
  port.postMessage(message);
}

const lambdaConsole = createLambdaConsole((text) => {
  send({ type: 'log', text });
});

/**
 * Reports how the invocation ended. Only the first report counts.
 *
 * @param {() => MessageFromWorker} toMessage
 */
function end(toMessage) {
  if (running === undefined) return;
  running = undefined;
  stream?.close();
  stream = undefined;
  whenLoopIsEmpty = () => {};
  // Waiting for the next invocation keeps the thread alive; while one runs only the function itself does.
  port.ref();
  send(toMessage());
}

/**
 * @param {unknown} error
 * @param {boolean} fatal
 */
function endWithError(error, fatal) {
  end(() => {
    if (!fatal) lambdaConsole.logError('Invoke Error', error);
    return { type: 'error', payload: toErrorPayload(error), fatal, memoryUsed: memoryUsed() };
  });
}

/** Only this thread's share: the resident set is the whole process'. */
function memoryUsed() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * @param {Handler} handler
 * @param {InvokeMessage} message
 */
function invoke(handler, message) {
  running = message.requestId;
  port.unref();
  lambdaConsole.setRequestId(message.requestId);
  if (message.traceId === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = message.traceId;
  if (isStreaming(handler)) stream = invokeStreaming(handler, message, target);
  else invokeBuffered(handler, message, target);
}

const target = {
  /** @param {Uint8Array<ArrayBuffer>} bytes */
  chunk: (bytes) => port.postMessage({ type: 'chunk', bytes }, [bytes.buffer]),
  streamed: () => end(() => ({ type: 'streamed', memoryUsed: memoryUsed() })),
  /** @param {string} payload */
  result: (payload) => end(() => ({ type: 'result', payload, memoryUsed: memoryUsed() })),
  /** @param {unknown} error */
  error: (error) => endWithError(error, false),
  /** @param {() => void} action */
  whenLoopIsEmpty: (action) => {
    if (running !== undefined) whenLoopIsEmpty = action;
  },
  /** @param {boolean} waiting */
  setWaiting: (waiting) => {
    // The answer comes through the port: without this a function that waits for it would look like one that is done.
    if (running !== undefined) waiting ? port.ref() : port.unref();
  },
};

/**
 * @param {Handler} handler
 * @param {MessageToWorker} message
 */
function receive(handler, message) {
  if (message.type === 'invoke') {
    invoke(handler, message);
  } else if (message.requestId === running) {
    if (message.type === 'taken') stream?.taken(message.bytes);
    else stream?.abort();
  }
}

/**
 * @param {unknown} error
 * @param {keyof typeof exitCodes} kind
 * @param {string} title
 */
function die(error, kind, title) {
  lambdaConsole.logError(title, error);
  if (initialising) send({ type: 'init-error', payload: toErrorPayload(error) });
  else endWithError(error, true);
  process.exit(exitCodes[kind]);
}

let initialising = true;

process.on('uncaughtException', (error) => die(error, 'uncaughtException', 'Uncaught Exception'));
process.on('unhandledRejection', (reason) =>
  die(unhandledRejection(reason), 'unhandledRejection', 'Unhandled Promise Rejection'),
);
process.on('beforeExit', () => whenLoopIsEmpty());

defineAwsLambda();
loadHandler(setup).then(
  (handler) => {
    initialising = false;
    port.on('message', (/** @type {MessageToWorker} */ message) => receive(handler, message));
    send({ type: 'ready' });
  },
  (error) => die(error, 'uncaughtException', 'Uncaught Exception'),
);
