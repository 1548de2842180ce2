'use strict';

/** Answers with what the gateway says of the caller. Both formats have it in the same place. */
exports.handler = async (event) => ({
  statusCode: 200,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(event.requestContext.authorizer, null, 2),
});
