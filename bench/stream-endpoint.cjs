'use strict';

// What streams behind the gateway: a Lambda service and a plain web server in one, which send the same bytes. Which of the
// answers it is stands in the path, which a function finds in its event.
const http = require('node:http');
const { setTimeout: sleep } = require('node:timers/promises');
const { invokeComplete, payloadChunk } = require('../dist/src/local-lambda/event-stream.js');

const PIECE = Buffer.alloc(64 * 1024, 'x');
const EVENT = Buffer.from('data: first\n\n');
const METADATA = Buffer.from(`{"statusCode":200,"headers":{"content-type":"text/event-stream"}}${'\0'.repeat(8)}`);

/** Milliseconds until the stream goes on after its first event: whoever collects an answer shows by it. */
const HOLD = 20;

const lambda = {
  type: 'application/vnd.amazon.eventstream',
  start: payloadChunk(METADATA),
  event: payloadChunk(EVENT),
  piece: payloadChunk(PIECE),
  end: invokeComplete({}),
};
const plain = { type: 'text/event-stream', start: Buffer.alloc(0), event: EVENT, piece: PIECE, end: Buffer.alloc(0) };

let sent = 0;

// A measurement that broke off must not leave the process behind.
process.on('disconnect', () => process.exit());
process.on('message', () => {
  process.send({ sent });
  sent = 0;
});
http
  .createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const isLambda = request.url.startsWith('/2021-11-15/');
      const path = isLambda ? JSON.parse(Buffer.concat(chunks)).path : request.url;
      // Whoever reads leaves when its measurement is over.
      stream(response, isLambda ? lambda : plain, path).catch(() => response.destroy());
    });
  })
  .listen(0, '127.0.0.1', function listening() {
    process.send({ port: this.address().port });
  });

async function stream(response, { type, start, event, piece, end }, path) {
  response.writeHead(200, { 'content-type': type });
  const [, kind, amount] = /\/(first-byte|download|open|flood)(?:\/(\d+))?/.exec(path);
  await write(response, Buffer.concat([start, event]));
  if (kind === 'first-byte') await sleep(HOLD);
  if (kind === 'open') return;
  const pieces = { 'first-byte': 0, download: amount / PIECE.length, flood: Infinity }[kind];
  for (let count = 0; count < pieces; count += 1) await write(response, piece);
  response.end(end);
}

/** Waits while the other side does not take it, and counts what was on its way before. */
async function write(response, bytes) {
  sent += bytes.length;
  if (response.write(bytes)) return;
  await new Promise((resolve, reject) => {
    response.once('drain', onDrain).once('close', onClose);
    function onDrain() {
      response.off('close', onClose);
      resolve();
    }
    function onClose() {
      response.off('drain', onDrain);
      reject(new Error('the reader is gone'));
    }
  });
}
