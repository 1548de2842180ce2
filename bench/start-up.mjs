// `npm run bench:start-up`: what the package adds to the start of a gateway, and to its disk. Prints Markdown.
//   --rounds 9     starts of each kind, in turn
import { execFileSync, fork } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const plugin = path.join(root, 'dist', 'manifest.js');
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);

const configurations = { without: configuration(false), with: configuration(true) };
const KINDS = {
  '`require` of the plugin': ['require', plugin],
  'gateway without the plugin': ['gateway', configurations.without],
  'gateway with a `lambda-proxy` pipeline': ['gateway', configurations.with],
};

console.log(
  `Machine: ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}\n`,
);
const results = await measure();
printTimes(results);
printShares(results['`require` of the plugin']);
printSizes();
for (const directory of Object.values(configurations)) rmSync(directory, { recursive: true });

/** The first start of each kind, which reads the disk, does not count. */
async function measure() {
  const all = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const [kind, args] of Object.entries(KINDS)) {
      const figures = await start(args);
      if (round > 0) all[kind].push(figures);
    }
  }
  return all;
}

function start(args) {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production', EG_DISABLE_CONFIG_WATCH: 'true' };
  if (args[0] === 'gateway') env.EG_CONFIG_DIR = args[1];
  return new Promise((resolve, reject) => {
    const child = fork(path.join(here, 'start-up-process.cjs'), args, { cwd: root, env, silent: true });
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code} and said nothing`)));
  });
}

function printTimes(all) {
  row('', 'ms', 'CPU ms');
  row('---', '--:', '--:');
  for (const [kind, figures] of Object.entries(all)) {
    row(kind, median(figures.map(({ ms }) => ms)).toFixed(0), median(figures.map(({ cpuMs }) => cpuMs)).toFixed(0));
  }
}

function printShares(figures) {
  console.log();
  row('of the `require`', 'CPU ms');
  row('---', '--:');
  const shares = Object.keys(figures[0].shares).map((name) => [
    name,
    median(figures.map(({ shares }) => shares[name])),
  ]);
  const large = shares.filter(([, ms]) => ms >= 1).toSorted((a, b) => b[1] - a[1]);
  for (const [name, ms] of large) row(`\`${name}\``, ms.toFixed(0));
  const own = median(figures.map(({ cpuMs, shares }) => cpuMs - Object.values(shares).reduce((a, b) => a + b, 0)));
  row('our own files', own.toFixed(0));
}

function printSizes() {
  const list = execFileSync('npm', ['ls', '--omit=dev', '--omit=peer', '--all', '--parseable'], { cwd: root });
  const [, ...directories] = new Set(String(list).trim().split('\n'));
  const ofSdk = directories.filter((directory) => /node_modules.(?:@aws|@aws-sdk|@smithy)\b/.test(directory));
  const mb = (some) => (some.map(sizeOf).reduce((a, b) => a + b, 0) / 1e6).toFixed(1);
  console.log();
  row('', 'packages', 'MB');
  row('---', '--:', '--:');
  row('this package', 1, mb([path.join(root, 'dist')]));
  row('all dependencies', directories.length, mb(directories));
  row('of which the AWS SDK', ofSdk.length, mb(ofSdk));
}

/** Bytes of a package's files, without the packages inside it. */
function sizeOf(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => path.join(directory, entry.name))
    .map((file) => (statSync(file).isDirectory() ? sizeOf(file) : statSync(file).size))
    .reduce((a, b) => a + b, 0);
}

/** A configuration with one pipeline. */
function configuration(hasPlugin) {
  const directory = mkdtempSync(path.join(tmpdir(), 'start-up-'));
  const models = path.join(path.dirname(createRequire(import.meta.url).resolve('express-gateway')), 'config', 'models');
  cpSync(models, path.join(directory, 'models'), { recursive: true });
  const write = (name, value) => writeFileSync(path.join(directory, `${name}.config.yml`), JSON.stringify(value));
  write('system', {
    db: { redis: { emulate: true, namespace: 'EG' } },
    plugins: hasPlugin ? { lambda: { package: plugin } } : {},
    crypto: { cipherKey: 'sensitiveKey', algorithm: 'aes256', saltRounds: 1 },
    session: { secret: 'keyboard cat', resave: false, saveUninitialized: false },
    accessTokens: { timeToExpiry: 7_200_000 },
    refreshTokens: { timeToExpiry: 7_200_000 },
    authorizationCodes: { timeToExpiry: 300_000 },
  });
  const step = hasPlugin ? { 'lambda-proxy': { action: { functionName: 'hello' } } } : { terminate: null };
  write('gateway', {
    http: { port: 0, hostname: '127.0.0.1' },
    apiEndpoints: { api: { paths: ['/hello'] } },
    policies: Object.keys(step),
    pipelines: { api: { apiEndpoints: ['api'], policies: [step] } },
  });
  return directory;
}
