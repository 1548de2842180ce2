'use strict';

// A Lambda service that knows what it executed. The function's answer is the number that the request carried, so that a
// client sees whether it got its own.
const { createServer } = require('node:http');

/** Executions of each request, by its number. */
const executions = [];
/** The qualifier that the last call named. */
let qualifier;

// A measurement that broke off must not leave the process behind.
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const [executed, twice] = [1, 2].map((least) => executions.filter((times) => times >= least).length);
  process.send({ executed, twice, qualifier });
});

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { queryStringParameters } = JSON.parse(Buffer.concat(chunks).toString());
    const number = Number(queryStringParameters.n);
    executions[number] = (executions[number] ?? 0) + 1;
    qualifier = new URL(request.url, 'http://lambda').searchParams.get('Qualifier');
    const payload = JSON.stringify({ statusCode: 200, body: String(number) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': payload.length }).end(payload);
  });
});
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
