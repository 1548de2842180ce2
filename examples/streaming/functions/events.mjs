/* global awslambda */
import { setTimeout as sleep } from 'node:timers/promises';

/** Server-sent events without an end: they go on until the client leaves or the function's own time is up. */
export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const stream = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: 200,
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' },
  });
  for (let id = 1; !stream.destroyed; id++) {
    stream.write(`id: ${id}\ndata: {"ticks":${id}}\n\n`);
    await sleep(500);
  }
});
