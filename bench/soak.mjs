// `npm run bench:soak`: whether the gateway stays as it is. Many requests with hot reloads among them; prints Markdown, and
// ends with 1 if memory, sockets or listeners grew, a request failed, or one was not executed exactly once.
//   --requests 200000
//   --reloads 50       each changes the settings of the connection to Lambda, so that every time a new one takes over
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { pinLoad, pinned, startEndpoint, startGateway } from './processes.mjs';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '200000' }, reloads: { type: 'string', default: '50' } },
});
const requests = Number(values.requests);
const reloads = Number(values.reloads);

const CONNECTIONS = 32;
/** Share of the samples in which compilers and pools still settle. */
const WARM_UP = 0.2;
const ROWS = 11;
const MB = 2 ** 20;

/** How much higher a straight line through the numbers, but for those of the warm-up, ends than it begins. */
function line(numbers) {
  const settled = numbers.slice(Math.ceil(numbers.length * WARM_UP));
  const middle = (settled.length - 1) / 2;
  const mean = settled.reduce((sum, number) => sum + number, 0) / settled.length;
  const over = settled.reduce((sum, number, index) => sum + (index - middle) * (number - mean), 0);
  const under = settled.reduce((sum, _number, index) => sum + (index - middle) ** 2, 0);
  return under === 0 ? 0 : (over / under) * (settled.length - 1);
}

/** How far any number is above the first. */
const peak = (numbers) => Math.max(...numbers) - numbers[0];

/**
 * What is sampled, and how much it may rise. At full length 16 bytes lost with each request, a connection that outlives its
 * configuration, or a listener lost with each reload would be more.
 */
const MEASURES = [
  { title: 'heap MB', of: ({ heap }) => heap / MB, digits: 2, rise: line, mayRise: 1.5 },
  // Idle ones close by themselves in time: a line through the samples would not show what keeps them.
  { title: 'sockets', of: ({ sockets }) => sockets, digits: 0, rise: peak, mayRise: CONNECTIONS / 2 },
  { title: 'listeners', of: ({ listeners }) => listeners, digits: 0, rise: line, mayRise: 1 },
  // The system gives memory back as it likes: shown, not judged.
  { title: 'RSS MB', of: ({ rss }) => rss / MB, digits: 0, rise: line, mayRise: Infinity },
];

/** Another way to Lambda each time, and another alias than before, by which the endpoint knows that it is in use. */
const settingsOf = (reload) => ({ qualifier: reload % 2 === 0 ? 'blue' : 'green', connectTimeout: 3_000 + reload });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

pinLoad();
const endpoint = await startEndpoint('soak-endpoint.cjs');
const gateway = await startGateway(endpoint.port, { settings: settingsOf(0), watch: true });
const failures = new Map();
let sent = 0;

const samples = [];
for (let reload = 0; reload <= reloads; reload += 1) {
  if (reload > 0) gateway.configure(settingsOf(reload));
  await send(Math.round((requests * (reload + 1)) / (reloads + 1)) - sent);
  await untilServes(reload);
  samples.push(await sample(reload));
}
const { executed, twice } = await endpoint.ask();
await gateway.stop();
endpoint.stop();
report();

/**
 * Sends so many requests over all connections, each as soon as the last one on its connection is answered. The connections
 * are new each time: a server may close an idle one just when a request is on its way.
 */
async function send(count) {
  const end = sent + count;
  const clients = new Pool(`http://127.0.0.1:${gateway.port}`, { connections: CONNECTIONS, pipelining: 1 });
  const client = async () => {
    while (sent < end) await request(clients, sent++);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  await clients.close();
}

async function request(clients, number) {
  const outcome = await clients.request({ method: 'GET', path: `/small?n=${number}` }).then(
    async ({ statusCode, body }) =>
      `${statusCode} ${(await body.text()) === String(number) ? 'own' : 'foreign'} answer`,
    (error) => `${error.code ?? error.name}`,
  );
  if (outcome !== '200 own answer') failures.set(outcome, (failures.get(outcome) ?? 0) + 1);
}

/** The host takes about two seconds to notice a changed file. */
async function untilServes(reload) {
  while ((await endpoint.ask()).qualifier !== settingsOf(reload).qualifier) await send(CONNECTIONS * 10);
}

/** After the collector has run, and what it found has closed its connections. */
async function sample(reload) {
  for (let round = 0; round < 3; round += 1) {
    await gateway.memory();
    await sleep(100);
  }
  const { heapUsed, external, rss } = await gateway.memory();
  return {
    requests: sent,
    reload,
    heap: heapUsed + external,
    rss,
    sockets: gateway.sockets(),
    listeners: await gateway.listeners(),
  };
}

function report() {
  console.log(
    `Machine: ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
  );
  console.log(`${sent} requests over ${CONNECTIONS} connections, ${reloads} reloads${pinned ? ', pinned' : ''}\n`);
  printTable();
  const risen = MEASURES.map(({ title, of, rise, mayRise }) => ({ title, by: rise(samples.map(of)), mayRise }));
  console.log(`\nRise: ${risen.map(({ title, by }) => `${title} ${by.toFixed(2)}`).join(', ')}`);
  const faults = [
    ...risen
      .filter(({ by, mayRise }) => by > mayRise)
      .map(({ title, mayRise }) => `${title} rose by more than ${mayRise}`),
    ...[...failures].map(([outcome, count]) => `${count} × ${outcome}`),
    ...(executed === sent ? [] : [`${sent} requests sent, ${executed} executed`]),
    ...(twice === 0 ? [] : [`${twice} requests executed more than once`]),
  ];
  console.log(faults.length === 0 ? 'Every request was answered and executed once.' : `FAILED: ${faults.join('; ')}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function printTable() {
  console.log(`| requests | reloads | ${MEASURES.map(({ title }) => title).join(' | ')} |`);
  console.log(`|--:|--:|${'--:|'.repeat(MEASURES.length)}`);
  const every = Math.max(1, Math.floor(samples.length / (ROWS - 1)));
  for (const row of samples.filter((_row, index) => index % every === 0 || index === samples.length - 1)) {
    const cells = MEASURES.map(({ of, digits }) => of(row).toFixed(digits));
    console.log(`| ${row.requests} | ${row.reload} | ${cells.join(' | ')} |`);
  }
}
