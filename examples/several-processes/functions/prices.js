'use strict';

/** Answers with a price, and with whom it is for. */
exports.handler = async ({ requestContext }) => ({
  price: 42,
  user: requestContext.authorizer.lambda.username,
});
