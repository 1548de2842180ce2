'use strict';

const { createCompletion } = require('./completion.js');
const { createContext } = require('./context.js');
const { isThenable } = require('./is-thenable.js');
const { nodeJsExit } = require('./runtime-errors.js');

/**
 * Calls a handler that gives its result in one piece.
 *
 * @param {import('./load-handler.js').Handler} handler
 * @param {import('../worker-protocol').InvokeMessage} message
 * @param {import('./completion.js').CompletionTarget} target
 */
function invokeBuffered(handler, message, target) {
  const completion = createCompletion(target);
  // A handler that neither called back nor returned a promise has succeeded with nothing, once nothing is left to do.
  const isAsync = handler.constructor.name === 'AsyncFunction';
  target.whenLoopIsEmpty(() => (isAsync ? target.error(nodeJsExit()) : target.result('null')));
  try {
    const context = createContext(message, completion);
    const returned = handler(JSON.parse(message.event), context, completion.callback);
    if (isThenable(returned)) Promise.resolve(returned).then(completion.succeed, completion.fail);
  } catch (error) {
    completion.callback(error);
  }
}

module.exports = { invokeBuffered };
