'use strict';

/** Function URLs have format 2.0: without a `statusCode`, what is returned is the answer's body. */
exports.handler = async ({ rawPath, rawQueryString, requestContext }) => ({
  message: 'Hello from a function URL',
  method: requestContext.http.method,
  path: rawPath,
  query: rawQueryString,
});
