'use strict';

/** Answers with the event it got: what any function behind this gateway sees. */
exports.handler = async (event) => ({
  statusCode: 200,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(event, null, 2),
});
