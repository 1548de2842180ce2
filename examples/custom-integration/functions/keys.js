'use strict';

/** Answers with what it got, but for the headers. */
exports.handler = async ({ headers, ...event }) => ({ ...event, headers: typeof headers });
