'use strict';

/** Format 1.0, as a REST API has it. */
exports.handler = async (event, context) => ({
  statusCode: 200,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    function: context.functionName,
    resource: event.resource,
    stage: event.requestContext.stage,
    path: event.path,
    id: event.pathParameters.id,
  }),
});
