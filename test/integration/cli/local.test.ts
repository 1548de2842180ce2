import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand, startCommand } from './support';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'eg-lambda-local-')));
  mkdirSync(path.join(folder, 'functions'));
  write('hello.js', "exports.handler = async (event) => { console.log('asked by', event.name); return 'first'; };");
  write('fails.js', "exports.handler = async () => { throw new TypeError('out of order'); };");
  write('notes.txt', 'no function');
});

let running: Running | undefined;
afterEach(async () => {
  await running?.end('SIGKILL');
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): void => {
  writeFileSync(path.join(folder, 'functions', name), text);
};

/** The command as a process; its lines as they come. */
class Running {
  stdout = '';
  stderr = '';
  readonly #arrivals = new Set<() => void>();
  readonly #closed: Promise<unknown>;

  constructor(readonly child: ChildProcess) {
    this.#closed = once(child, 'close');
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]!.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
        for (const arrived of this.#arrivals) arrived();
      });
    }
    child.once('close', () => {
      for (const arrived of this.#arrivals) arrived();
    });
  }

  /** Waits until the output has it. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stdout);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`the command ended: ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => this.#arrivals.add(resolve));
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    await this.#closed;
    return this.child.exitCode;
  }
}

async function start(args: readonly string[] = ['functions'], env: Record<string, string> = {}) {
  running = new Running(startCommand(['local', ...args, '--port', '0'], { cwd: folder, env }));
  const [, url = ''] = await running.until(/^Local Lambda at (http:\S+)$/m);
  await running.until(/endpoint: http[^]*\n\n/);
  const call = async (name: string, event: unknown = {}): Promise<string> => {
    const response = await fetch(`${url}/2015-03-31/functions/${name}/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
    });
    return response.text();
  };
  return { running, url, call };
}

test('it says where it is, how to point a gateway at it, and what it found', async () => {
  mkdirSync(path.join(folder, 'functions/nested'));
  write('nested/index.mjs', 'export const handler = async () => 1;');
  const { running, url } = await start();
  expect(running.stdout).toBe(
    [
      `Local Lambda at ${url}`,
      'Functions: fails, hello, nested',
      '',
      'Point a gateway at it, by its environment or by the setting `endpoint`:',
      `  AWS_ENDPOINT_URL_LAMBDA=${url}`,
      `  endpoint: ${url}`,
      '',
      '',
    ].join('\n'),
  );
});

test('one line for each invocation, with what the function logged, indented', async () => {
  const { running, call } = await start();
  expect(await call('hello', { name: 'a test' })).toBe('"first"');
  await running.until(/^ {4}hello \| INFO asked by a test\n\d\d:\d\d:\d\d {2}hello {2}ok {2}\d+ ms .* MB$/m);
  expect(running.stdout).not.toMatch(/RequestId/);
});

test('a failed one has its error in the line, and its stack above', async () => {
  const { running, call } = await start();
  await call('fails');
  await running.until(/^ {4}fails \| ERROR Invoke Error\n {4}fails \| TypeError: out of order\n {4}fails \| {5}at /m);
  await running.until(/^\d\d:\d\d:\d\d {2}fails {2}failed {2}\d+ ms .*TypeError: out of order$/m);
});

test('a changed file runs with the next call', async () => {
  const { call } = await start();
  await call('hello');
  write('hello.js', "exports.handler = async () => 'second';");
  expect(await call('hello')).toBe('"second"');
});

test('--timeout ends a function', async () => {
  write('hangs.js', 'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));');
  const { running, call } = await start(['functions', '--timeout', '0.2']);
  await call('hangs');
  await running.until(/hangs {2}failed .*Task timed out after 0\.20 seconds/);
});

test('--env sets variables for the functions; what is set already wins', async () => {
  write('env.js', 'exports.handler = async () => [process.env.FROM_FILE, process.env.FROM_OUTSIDE];');
  writeFileSync(path.join(folder, 'vars'), 'FROM_FILE=file\nFROM_OUTSIDE=file\n');
  const { call } = await start(['functions', '--env', 'vars'], { FROM_OUTSIDE: 'outside' });
  expect(JSON.parse(await call('env'))).toEqual(['file', 'outside']);
});

test('--function-url gives a function a URL of its own, streaming or not', async () => {
  const streams = 'awslambda.streamifyResponse(async (_event, stream) => { stream.write("pieces"); stream.end(); })';
  write('streams.js', `exports.handler = ${streams};`);
  const { running } = await start(['functions', '--function-url', 'hello=0', '--function-url', 'streams=0:stream']);
  const [hello = '', pieces = ''] = ['hello', 'streams'].map((name) => {
    return new RegExp(`functionUrl: (\\S+) {2}\\(${name}\\)`).exec(running.stdout)?.[1] ?? '';
  });
  expect(await (await fetch(`${hello}/any/path?a=1`)).text()).toBe('first');
  expect(await (await fetch(pieces)).text()).toBe('pieces');
});

test.each(['hello', 'hello=99999', '=80', 'hello=80:fast'])('--function-url %s is refused', async (value) => {
  const { code, stderr } = await runCommand(['local', 'functions', '--function-url', value], { cwd: folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining('--function-url must be NAME=PORT or NAME=PORT:stream')]);
});

test('without a folder it is functions/', async () => {
  const { running } = await start([]);
  expect(running.stdout).toContain('Functions: fails, hello\n');
});

test('the command invoke and it work together', async () => {
  const { url } = await start();
  const args = ['invoke', 'hello', '--endpoint', url, '--region', 'eu-west-1', '--format', '2.0', '--event', '-'];
  const { code, stdout } = await runCommand(args, { cwd: folder, input: '{"name":"invoke"}' });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/\n\nfirst\n$/)]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s closes it, even while a function runs: exit status 0', async (signal) => {
  write(
    'hangs.js',
    "exports.handler = () => new Promise(() => { console.log('begun'); setInterval(() => {}, 1000); });",
  );
  const { running, call } = await start(['functions', '--timeout', '900']);
  const answer = call('hangs').catch(() => 'broken off');
  await running.until(/hangs \| INFO begun/);
  expect([await running.end(signal), running.stderr]).toEqual([0, '']);
  await answer;
});

test('a reader that has seen enough ends it without a word', async () => {
  const { running, call } = await start();
  running.child.stdout!.destroy();
  await call('hello').catch(() => undefined);
  await once(running.child, 'exit');
  expect([running.child.exitCode, running.stderr]).toEqual([0, '']);
});

describe('what it refuses: one line, and exit status 2', () => {
  test.each([
    ['a folder that is none', ['nowhere'], /^eg-lambda: Local Lambda: folder \S+nowhere is not a folder\n$/],
    [
      'a port that is none',
      ['functions', '--port', 'x'],
      /^eg-lambda: --port must be a number from 0 to 65535, not "x"\n$/,
    ],
    ['a timeout beyond 15 minutes', ['functions', '--timeout', '901'], /^eg-lambda: --timeout must be a number from /],
    ['a file that is not there', ['functions', '--env', 'no'], /^eg-lambda: --env no cannot be read: .*ENOENT/],
    ['two folders', ['functions', 'more'], /^eg-lambda: unexpected argument "more"\n$/],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await runCommand(['local', ...args], { cwd: folder });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  });

  test('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, stderr } = await runCommand(['local', 'functions', '--port', String(port)], { cwd: folder });
    server.close();
    expect([code, stderr]).toEqual([
      2,
      `eg-lambda: Local Lambda: cannot listen on 127.0.0.1:${port}: the port is in use\n`,
    ]);
  });
});
