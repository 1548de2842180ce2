/* global awslambda */
import { setTimeout as sleep } from 'node:timers/promises';

const ANSWER = 'Every word of this answer was on its way before the next one was known.\n';

/** Answers as a language model does: token by token. */
export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const stream = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
  for (const token of ANSWER.split(/(?= )/)) {
    stream.write(token);
    await sleep(100);
  }
  stream.end();
});
