'use strict';

/**
 * What runs in the worker thread of an execution environment: loads the function's module, then runs the invocations
 * that the server sends, one at a time. Plain JavaScript, for Node.js itself loads it, be it from `src` or from `dist`.
 *
 * It keeps to what Lambda's runtime does: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */

const { parentPort, workerData } = require('node:worker_threads');
const { createCompletion } = require('./completion.js');
const { createContext } = require('./context.js');
const { createLambdaConsole } = require('./lambda-console.js');
const { loadHandler } = require('./load-handler.js');
const { nodeJsExit, toErrorPayload, unhandledRejection } = require('./runtime-errors.js');

/** @typedef {import('../worker-protocol').InvokeMessage} InvokeMessage */
/** @typedef {import('../worker-protocol').MessageFromWorker} MessageFromWorker */
/** @typedef {import('./load-handler.js').Handler} Handler */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const setup = /** @type {import('../worker-protocol').WorkerSetup} */ (workerData);

// The runtime's own exit codes after an error that nobody caught.
const exitCodes = { unhandledRejection: 128, uncaughtException: 129 };

/** Whether the server still waits for the end of an invocation. */
let running = false;
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
  if (!running) return;
  running = false;
  whenLoopIsEmpty = () => {};
  // Waiting for the next invocation keeps the thread alive; while one runs only the function itself does.
  port.ref();
  send(toMessage());
}

/** @param {string} payload */
function endWithResult(payload) {
  end(() => ({ type: 'result', payload, memoryUsed: memoryUsed() }));
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
  running = true;
  port.unref();
  lambdaConsole.setRequestId(message.requestId);
  if (message.traceId === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = message.traceId;

  const completion = createCompletion({
    result: endWithResult,
    error: (error) => endWithError(error, false),
    whenLoopIsEmpty: (action) => (whenLoopIsEmpty = action),
  });
  // A handler that neither called back nor returned a promise has succeeded with nothing, once nothing is left to do.
  const isAsync = handler.constructor.name === 'AsyncFunction';
  whenLoopIsEmpty = () => (isAsync ? endWithError(nodeJsExit(), false) : endWithResult('null'));
  try {
    const context = createContext(message, completion);
    const returned = handler(JSON.parse(message.event), context, completion.callback);
    if (isThenable(returned)) Promise.resolve(returned).then(completion.succeed, completion.fail);
  } catch (error) {
    completion.callback(error);
  }
}

/**
 * @param {unknown} value
 * @returns {value is PromiseLike<unknown>}
 */
function isThenable(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
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

loadHandler(setup).then(
  (handler) => {
    initialising = false;
    port.on('message', (/** @type {InvokeMessage} */ message) => invoke(handler, message));
    send({ type: 'ready' });
  },
  (error) => die(error, 'uncaughtException', 'Uncaught Exception'),
);
