'use strict';

/** Format 2.0: without a `statusCode`, what is returned is the answer's body. */
exports.handler = async (event, context) => ({
  function: context.functionName,
  qualifier: context.invokedFunctionArn.split(':')[7],
  format: event.version,
  stage: event.requestContext.stage,
  path: event.rawPath,
});
