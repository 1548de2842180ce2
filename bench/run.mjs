// `npm run bench`: how fast the policy is, against the least and against the usual. Prints Markdown.
//   --rounds 5     rounds, each of them measuring all candidates in turn
//   --seconds 3    length of one measurement
//   --only small   just the loads whose titles begin so
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { run } from './load.mjs';
import { pinLoad, pinned, startEndpoint, startGateway } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const ms = Number(values.seconds) * 1000;

const CANDIDATES = {
  'bench-floor': 'hand-signed floor',
  'lambda-proxy': 'this policy',
  proxy: "gateway's `proxy`, plain HTTP upstream",
  'bench-direct': "SDK's signer and handler alone",
  'bench-send': 'SDK `client.send`',
};
const LOADS = {
  'small requests, 32 connections': { connections: 32, size: 'small' },
  'small requests with a body, 32 connections': { connections: 32, size: 'small', body: Buffer.from('{"a":1,"b":2}') },
  '1 MB up, 8 connections': { connections: 8, size: 'small', body: Buffer.alloc(1024 * 1024, 'a') },
  '4 MB down, 8 connections': { connections: 8, size: 'large' },
};
const UPLOADS = 20;
const UPLOAD = Buffer.alloc(4 * 1024 * 1024, 'a');

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

pinLoad();
const endpoint = await startEndpoint();
console.log(
  `Machine: ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
);
console.log(
  `Gateway ${pinned ? 'pinned to one core, load and endpoint to another' : 'not pinned'}; ${rounds} rounds of ${ms / 1000} s\n`,
);
for (const [title, load] of Object.entries(LOADS)) if (title.startsWith(values.only)) await compare(title, load);
if (values.only === '') await measureMemory();
endpoint.stop();

async function compare(title, { connections, size, body }) {
  const gateways = {};
  for (const upstream of Object.keys(CANDIDATES)) gateways[upstream] = await startGateway(endpoint.port, { upstream });
  const results = Object.fromEntries(Object.keys(CANDIDATES).map((name) => [name, []]));
  const once = async (name, duration) => {
    const { port, cpu } = gateways[name];
    const before = cpu();
    const result = await run({ port, connections, ms: duration, path: `/${size}`, body });
    return { ...result, cpu: ((cpu() - before) / result.requests) * 1000 };
  };
  for (const name of Object.keys(CANDIDATES)) await once(name, ms);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of Object.keys(CANDIDATES)) results[name].push(await once(name, ms));
  }
  for (const gateway of Object.values(gateways)) await gateway.stop();
  console.log(
    `### ${title}\n\n| | requests/s | p50 ms | p99 ms | of the floor | of \`proxy\` | CPU µs/request | floor's CPU / its CPU | failed |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|`,
  );
  for (const [name, label] of Object.entries(CANDIDATES)) {
    const of = (other) => median(results[name].map(({ rps }, i) => rps / results[other][i].rps)).toFixed(2);
    const [rps, p50, p99, cpu] = ['rps', 'p50', 'p99', 'cpu'].map((key) =>
      median(results[name].map((result) => result[key])),
    );
    const cpuOfFloor = median(results[name].map((result, i) => results['bench-floor'][i].cpu / result.cpu)).toFixed(2);
    const failed = results[name].reduce((sum, result) => sum + result.failed, 0);
    console.log(
      `| ${label} | ${rps.toFixed(0)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${of('bench-floor')} | ${of('proxy')} | ${cpu.toFixed(0)} | ${cpuOfFloor} | ${failed} |`,
    );
  }
  console.log();
}

/** All uploads are under way at once, because the function answers only a second later. */
async function measureMemory() {
  console.log(
    `### Peak memory, ${UPLOADS} concurrent uploads of 4 MB\n\n| | idle MB | peak MB | bytes per byte of body |\n|---|--:|--:|--:|`,
  );
  for (const name of Object.keys(CANDIDATES)) {
    const gateway = await startGateway(endpoint.port, { upstream: name });
    await run({ port: gateway.port, connections: 4, ms: 1000, path: '/small' });
    const { rss } = await gateway.memory();
    await run({ port: gateway.port, connections: UPLOADS, ms: 0, path: '/slow', body: UPLOAD });
    const peak = gateway.peak();
    const perByte = (peak - rss) / (UPLOADS * UPLOAD.length);
    console.log(
      `| ${CANDIDATES[name]} | ${(rss / 2 ** 20).toFixed(0)} | ${(peak / 2 ** 20).toFixed(0)} | ${perByte.toFixed(1)} |`,
    );
    await gateway.stop();
  }
  console.log();
}
