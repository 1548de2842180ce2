'use strict';

/** @typedef {import('../worker-protocol').InvokeMessage} InvokeMessage */

/**
 * The handler's second argument: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 *
 * @param {InvokeMessage} message
 * @param {ReturnType<typeof import('./completion.js').createCompletion>} completion
 */
function createContext(message, completion) {
  return {
    get callbackWaitsForEmptyEventLoop() {
      return completion.getWaitsForEmptyEventLoop();
    },
    set callbackWaitsForEmptyEventLoop(value) {
      completion.setWaitsForEmptyEventLoop(value);
    },
    succeed: completion.succeed,
    fail: completion.fail,
    done: completion.done,
    ...describeInvocation(message),
  };
}

/**
 * The third argument of a streaming handler: it has no methods that end the invocation.
 *
 * @param {InvokeMessage} message
 */
function createStreamingContext(message) {
  return { callbackWaitsForEmptyEventLoop: true, ...describeInvocation(message) };
}

/** @param {InvokeMessage} message */
function describeInvocation(message) {
  return {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: message.clientContext === undefined ? undefined : JSON.parse(message.clientContext),
    // Only a caller with an Amazon Cognito identity has one.
    identity: undefined,
    invokedFunctionArn: message.invokedFunctionArn,
    awsRequestId: message.requestId,
    getRemainingTimeInMillis: () => message.deadline - Date.now(),
  };
}

module.exports = { createContext, createStreamingContext };
