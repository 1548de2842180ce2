// `npm run bench:observer`: what metrics, tracing without an SDK and the call's line at level debug, which is off, cost a
// request: the observer alone, in this process, as the policy calls it. Prints Markdown.
//   --rounds 7          rounds
//   --requests 200000   requests in a round
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const { Exchange } = require('../dist/src/http/exchange.js');
const { Observer } = require('../dist/src/observability/observer.js');
const { metricsRegistry } = require('../dist/src/observability/metrics.js');

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, requests: { type: 'string', default: '200000' } },
});
const rounds = Number(values.rounds);
const requests = Number(values.requests);

const observer = new Observer(
  { name: 'users', qualifier: 'live', region: 'eu-central-1' },
  { isDebugEnabled: () => false },
);
const received = {
  method: 'GET',
  path: '/users/7',
  headers: ['Host', 'User-Agent', 'Accept', 'Accept-Encoding', 'X-Request-Source'].map((name) => ({
    name,
    lowerName: name.toLowerCase(),
    values: ['benchmark'],
  })),
  route: { resource: '/users/{id}' },
};
const STAGES = ['event', 'credentials', 'connect', 'invoke', 'body', 'result', 'answer'];

/** A request's life but for everything else: the same with and without the observer. */
function live(isObserved) {
  const exchange = new Exchange(Object.assign(new EventEmitter(), { socket: { destroyed: false } }), 29_000);
  if (isObserved) {
    observer.inCall(exchange, () => observer.beginCall(received, exchange));
  }
  for (const stage of STAGES) exchange.phase = stage;
  exchange.bytesSent = 812;
  exchange.bytesReceived = 64;
  exchange.outcome = { status: 200, error: undefined };
  exchange.end();
  if (isObserved) observer.end('0R7TqyFNg4LiZ3bCs8oQ1d', exchange);
}

/** Microseconds of processor time for each request. */
function measure(isObserved) {
  const before = process.cpuUsage();
  for (let i = 0; i < requests; i += 1) live(isObserved);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

for (const isObserved of [false, true]) measure(isObserved);
const differences = Array.from({ length: rounds }, () => {
  const without = measure(false);
  return measure(true) - without;
});
const started = performance.now();
const page = await metricsRegistry.metrics();

console.log(`Machine: ${cpus().length} × ${cpus()[0].model}, Node ${process.version}`);
console.log(`${rounds} rounds of ${requests} requests\n`);
console.log('| | |\n|---|--:|');
console.log(`| CPU µs/request | ${median(differences).toFixed(1)} |`);
console.log(`| a scrape, one function: ms | ${(performance.now() - started).toFixed(1)} |`);
console.log(`| its size, KB | ${(page.length / 1024).toFixed(1)} |`);
