// `npm run bench:stream`: what response streaming costs, against the gateway's own `proxy` policy that pipes the same bytes
// from a plain web server, and against that server asked directly. Prints Markdown.
import { execFileSync, spawn } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pinLoad, pinned, startGateway } from './processes.mjs';
import { download, firstBytes, slowClients } from './stream-load.mjs';

const ROUNDS = 5;
const REQUESTS = 40;
const DOWNLOAD = 200 * 1024 * 1024;
const CLIENTS = 200;
const PAUSE = 1_000;
const SETTLE = 4_000;
const CANDIDATES = { 'lambda-proxy': 'this policy', proxy: "gateway's `proxy`", direct: 'no gateway' };

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const quantile = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

pinLoad();
const endpoint = await startEndpoint();
console.log(
  `Machine: ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
);
console.log(
  `Gateway ${pinned ? 'pinned to one core, load and endpoint to another' : 'not pinned'}; ${ROUNDS} rounds\n`,
);
const gateways = { 'lambda-proxy': await startStreaming('lambda-proxy'), proxy: await startStreaming('proxy') };
await compareFirstBytes();
await compareDownloads();
for (const gateway of Object.values(gateways)) await gateway.stop();
await compareMemory();
endpoint.stop();

function startStreaming(upstream) {
  return startGateway(endpoint.port, { upstream, settings: { invokeMode: 'RESPONSE_STREAM' } });
}

async function startEndpoint() {
  const file = fileURLToPath(new URL('./stream-endpoint.cjs', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const message = () => new Promise((resolve) => child.once('message', resolve));
  const { port } = await message();
  if (pinned) execFileSync('taskset', ['-a', '-p', '-c', '1', String(child.pid)], { stdio: 'ignore' });
  return {
    port,
    /** Bytes that it sent since it was asked last. */
    sent: async () => {
      const answer = message();
      child.send('sent');
      return (await answer).sent;
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** Without a gateway straight to the endpoint. */
function target(gateway, path) {
  return gateway ? [gateway.port, `/small${path}`] : [endpoint.port, path];
}

async function compareFirstBytes() {
  const times = await inTurn((name) => firstBytes(...target(gateways[name], '/first-byte'), REQUESTS));
  console.log(
    `### Time to the first byte of the body, one client\n\n| | p50 ms | p90 ms | added, p50 ms |\n|---|--:|--:|--:|`,
  );
  for (const [name, label] of Object.entries(CANDIDATES)) {
    const p50 = (of) => median(times[of].flat());
    const added = name === 'direct' ? '' : (p50(name) - p50('direct')).toFixed(2);
    console.log(`| ${label} | ${p50(name).toFixed(2)} | ${quantile(times[name].flat(), 0.9).toFixed(2)} | ${added} |`);
  }
  console.log();
}

async function compareDownloads() {
  const results = await inTurn(async (name) => {
    const before = gateways[name]?.cpu();
    const ms = await download(...target(gateways[name], `/download/${DOWNLOAD}`), DOWNLOAD);
    return { rate: DOWNLOAD / 2 ** 20 / (ms / 1000), cpu: gateways[name]?.cpu() - before };
  });
  console.log(
    `### A download of ${DOWNLOAD / 2 ** 20} MB in pieces of 64 KB\n\n| | MB/s | of \`proxy\` | gateway's CPU ms |\n|---|--:|--:|--:|`,
  );
  for (const [name, label] of Object.entries(CANDIDATES)) {
    const ratio = median(results[name].map(({ rate }, round) => rate / results.proxy[round].rate));
    const [rate, cpu] = ['rate', 'cpu'].map((key) => median(results[name].map((result) => result[key])));
    console.log(`| ${label} | ${rate.toFixed(0)} | ${ratio.toFixed(2)} | ${name === 'direct' ? '' : cpu.toFixed(0)} |`);
  }
  console.log();
}

/** One round to warm up, then all candidates once in each round. */
async function inTurn(measure) {
  const results = Object.fromEntries(Object.keys(CANDIDATES).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of Object.keys(CANDIDATES)) {
      const result = await measure(name);
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

async function compareMemory() {
  console.log(
    `### Memory of ${CLIENTS} clients with an open stream\n\n| | idle MB | more RSS MB | KB per client | more heap and buffers, KB per client | sent to each, KB |\n|---|--:|--:|--:|--:|--:|`,
  );
  for (const [kind, title] of [
    ['open', 'all is quiet'],
    ['flood', 'one read per second of an endless stream'],
  ]) {
    for (const name of ['lambda-proxy', 'proxy']) {
      const { before, after, sent } = await measureMemory(name, kind);
      const used = (memory) => memory.heapUsed + memory.external;
      const kb = (bytes) => (bytes / CLIENTS / 1024).toFixed(0);
      console.log(
        `| ${CANDIDATES[name]}: ${title} | ${(before.rss / 2 ** 20).toFixed(0)} | ${((after.rss - before.rss) / 2 ** 20).toFixed(0)} | ${kb(after.rss - before.rss)} | ${kb(used(after) - used(before))} | ${kb(sent)} |`,
      );
    }
  }
  console.log();
}

/** In a process of its own: memory that one candidate needed is there for the next. */
async function measureMemory(name, kind) {
  const own = await startStreaming(name);
  // As many connections once before, so that what is measured is neither code nor pools.
  const closeFirst = await slowClients(...target(own, '/open'), CLIENTS, PAUSE);
  await closeFirst();
  const before = await own.memory();
  await endpoint.sent();
  const close = await slowClients(...target(own, `/${kind}`), CLIENTS, PAUSE);
  await sleep(SETTLE);
  const after = await own.memory();
  const sent = await endpoint.sent();
  await close();
  await own.stop();
  return { before, after, sent };
}
