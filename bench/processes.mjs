// Starts the processes of a measurement, each on a core of its own where `taskset` is there.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);

/** Whether processes can be pinned; the gateway gets core 0, everything else core 1. */
export const pinned = availableParallelism() > 1 && hasTaskset();

function hasTaskset() {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Moves this process, the load generator, to the endpoint's core. */
export function pinLoad() {
  if (pinned) execFileSync('taskset', ['-a', '-p', '-c', '1', String(process.pid)], { stdio: 'ignore' });
}

function start(core, args, options = {}) {
  const [command, ...rest] = pinned
    ? ['taskset', '-c', String(core), process.execPath, ...args]
    : [process.execPath, ...args];
  return spawn(command, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...options });
}

const message = (child) => new Promise((resolve) => child.once('message', resolve));

export async function startEndpoint(file = 'endpoint.cjs') {
  const child = start(1, [path.join(here, file)]);
  const { port } = await message(child);
  return { port, ask: () => ask(child, 'tell'), stop: () => child.kill('SIGKILL') };
}

/** What a process answers to a message. */
function ask(child, question) {
  const answer = message(child);
  child.send(question);
  return answer;
}

/**
 * A gateway with one kind of upstream, and a route for each size of answer: others would cost it time to route, and what V8
 * learned from their ways.
 *
 * @param upstream the policy that answers
 * @param settings of the policy, if it is ours
 * @param watch whether it reloads when its configuration file changes
 */
export async function startGateway(endpointPort, { upstream = 'lambda-proxy', settings = {}, watch = false } = {}) {
  const port = await freePort();
  const dir = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const configure = (changed) => writeGatewayConfig(dir, port, endpointPort, upstream, changed);
  writeSystemConfig(dir);
  configure(settings);
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    EG_CONFIG_DIR: dir,
    EG_DISABLE_CONFIG_WATCH: watch ? undefined : 'true',
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${endpointPort}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  const child = start(0, [...execArgv(), path.join(here, 'gateway.cjs'), dir], { env, cwd: root });
  await message(child);
  await accepts(port);
  return {
    port,
    pid: child.pid,
    dir,
    /** Heap and RSS in bytes, after a garbage collection. */
    memory: async () => (await ask(child, 'collect')).memory,
    /** How many listeners the host's event bus and the process itself have. */
    listeners: async () => (await ask(child, 'count')).listeners,
    /** Open sockets of the process; Linux only. */
    sockets: () => openFiles(child.pid).filter((name) => name.startsWith('socket:')).length,
    /** Milliseconds of processor time that the process has used; Linux only. */
    cpu: () => {
      // The fields after the name in parentheses; 14 and 15 of all are user and system time in hundredths of a second.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    /** The most memory that the process ever had, in bytes; Linux only. */
    peak: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    configure,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send('exit');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function openFiles(pid) {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return []; // closed since
    }
  });
}

function execArgv() {
  return [
    '--expose-gc',
    ...(process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : []),
  ];
}

const SIZES = ['small', 'large', 'slow'];

function writeSystemConfig(dir) {
  const models = path.join(path.dirname(createRequire(import.meta.url).resolve('express-gateway')), 'config', 'models');
  cpSync(models, path.join(dir, 'models'), { recursive: true });
  const system = {
    db: { redis: { emulate: true, namespace: 'EG' } },
    plugins: {
      lambda: { package: path.join(root, 'dist', 'manifest.js') },
      bench: { package: path.join(here, 'policies.cjs') },
    },
    crypto: { cipherKey: 'sensitiveKey', algorithm: 'aes256', saltRounds: 1 },
    session: { secret: 'keyboard cat', resave: false, saveUninitialized: false },
    accessTokens: { timeToExpiry: 7_200_000 },
    refreshTokens: { timeToExpiry: 7_200_000 },
    authorizationCodes: { timeToExpiry: 300_000 },
  };
  writeFileSync(path.join(dir, 'system.config.yml'), JSON.stringify(system));
}

function writeGatewayConfig(dir, port, endpointPort, upstream, settings) {
  const action = (size) =>
    upstream === 'proxy'
      ? { serviceEndpoint: 'plain' }
      : { functionName: size, ...(upstream === 'lambda-proxy' && settings) };
  const config = {
    http: { port, hostname: '127.0.0.1' },
    apiEndpoints: Object.fromEntries(SIZES.map((size) => [size, { paths: [`/${size}`, `/${size}/*`] }])),
    serviceEndpoints: { plain: { url: `http://127.0.0.1:${endpointPort}` } },
    policies: [upstream],
    pipelines: Object.fromEntries(
      SIZES.map((size) => [size, { apiEndpoints: [size], policies: [{ [upstream]: [{ action: action(size) }] }] }]),
    ),
  };
  writeFileSync(path.join(dir, 'gateway.config.yml'), JSON.stringify(config));
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The gateway listens some time after its `run` has resolved. */
async function accepts(port) {
  for (;;) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
