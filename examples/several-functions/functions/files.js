'use strict';

/** Behind a greedy route: the rest of the path is one parameter. */
exports.handler = async ({ routeKey, pathParameters, queryStringParameters }, context) => ({
  function: context.functionName,
  route: routeKey,
  file: pathParameters.proxy,
  revision: queryStringParameters?.revision,
});
