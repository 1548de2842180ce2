/* global awslambda */
import { setTimeout as sleep } from 'node:timers/promises';

const TICKS = 10;

/** Tells the time as server-sent events, one per second; the client sees each when it is sent. Watch with `curl -N`. */
export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const stream = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: 200,
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' },
  });
  // A client that leaves destroys the stream; nothing is left to do then.
  for (let tick = 1; tick <= TICKS && !stream.destroyed; tick++) {
    stream.write(`id: ${tick}\ndata: ${new Date().toISOString()}\n\n`);
    if (tick < TICKS) await sleep(1000);
  }
  stream.end();
});
