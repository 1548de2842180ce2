/* global awslambda */
import { setTimeout as sleep } from 'node:timers/promises';

/** Begins an answer and then, as far as anybody waits, never goes on. */
export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const stream = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain' },
  });
  stream.write('This is the beginning.\n');
  await sleep(600_000);
});
