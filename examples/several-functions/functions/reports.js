'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

/** Takes longer than the gateway waits for it. */
exports.handler = async () => {
  await sleep(30_000);
  return { report: 'ready' };
};
