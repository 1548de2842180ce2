import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { unusedPort } from '../support/lambda-endpoint';

const ROOT = path.join(__dirname, '../..');
const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };

/** Runs what `npm start` runs, on a port of its own, and without the environment that Jest makes. */
function start(port: number) {
  const [command = '', ...args] = scripts.start.split(' ');
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, NODE_ENV: undefined, PORT: String(port) } });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output.text += text));
  }
  return { child, output };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    if (waited > 90_000) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('npm start', () => {
  let port: number;
  let gateway: ReturnType<typeof start>;
  const get = (target: string, init?: RequestInit) => fetch(`http://localhost:${port}${target}`, init);

  beforeAll(async () => {
    port = await unusedPort();
    gateway = start(port);
    await until(() => gateway.output.text.includes('The gateway is up'), 'the gateway');
  });
  afterAll(async () => {
    gateway.child.kill('SIGKILL');
    await once(gateway.child, 'close');
  });

  test("the README's first curl line is answered as it says", async () => {
    const [, target] = /^curl http:\/\/localhost:8080(\/\S*)$/m.exec(readme) ?? [];
    const [, answer] = /^answers `(.*)`\./m.exec(readme) ?? [];
    const response = await get(target ?? '');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(answer);
  });

  test.each([
    ['/page', 200, 'text/html; charset=utf-8', /^<!doctype html>/],
    ['/image.png', 200, 'image/png', /^\uFFFDPNG/],
    ['/echo/any/path?a=1', 200, 'application/json', /"path": "\/echo\/any\/path"/],
    ['/throws', 502, 'application/json', /^\{"message": "Internal server error"\}$/],
  ])('%s', async (target, status, type, body) => {
    expect(readme).toContain(`http://localhost:8080${target}>`);
    const response = await get(target);
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
    expect(await response.text()).toMatch(body);
  });

  test('a path that the host refuses shows the client nothing of the inside', async () => {
    const response = await get('/echo/%ff');
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/node_modules|URIError|at /);
  });

  test('it prints the URLs to try', () => {
    for (const target of ['/hello', '/page', '/image.png', '/echo/any/path?a=1', '/throws']) {
      expect(gateway.output.text).toContain(`http://localhost:${port}${target}`);
    }
  });

  test('the reason of a failure is in its log, in one line', async () => {
    await get('/throws');
    await until(() => gateway.output.text.includes('lambda-proxy FUNCTION_ERROR'), 'the line');
    expect(gateway.output.text).toMatch(/FUNCTION_ERROR status=502 function="throws" .*this function always fails"/);
  });
});

test('a busy port ends in one clear line', async () => {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { child, output } = start(port);
  const [code] = (await once(child, 'close')) as [number];
  server.close();
  expect(code).toBe(1);
  expect(output.text.trim()).toBe(`Port ${port} is already in use. Choose another one: PORT=8090 npm start`);
});
