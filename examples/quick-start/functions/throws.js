'use strict';

/** Fails: the client gets 502 and a short message, the gateway's log the reason. */
exports.handler = async () => {
  throw new Error('this function always fails');
};
