import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type LambdaEndpoint, startLambdaEndpoint, unusedPort } from '../support/lambda-endpoint';

const ROOT = path.join(__dirname, '../..');
const run = promisify(execFile);

/** The package as a user gets it: packed, and installed into a gateway that the host's own command made. */
describe('the packed tarball in a new gateway', () => {
  let dir: string;
  let gatewayDir: string;
  let files: readonly string[];
  let lambda: LambdaEndpoint;
  let port: number;
  let gateway: ReturnType<typeof spawn>;
  let log = '';

  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'eg-lambda-package-'));
    gatewayDir = path.join(dir, 'gateway');
    const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', dir], { cwd: ROOT });
    const [{ filename, files: listed }] = JSON.parse(packed.stdout) as [
      { filename: string; files: { path: string }[] },
    ];
    files = listed.map((file) => file.path);
    const env = {
      ...process.env,
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    };
    const eg = path.join(ROOT, 'node_modules/.bin/eg');
    await run(eg, ['gateway', 'create', '-n', 'gateway', '-d', gatewayDir, '-t', 'basic'], { cwd: dir, env });
    await run('npm', ['install', '--ignore-scripts', path.join(dir, filename)], { cwd: gatewayDir, env });
    [lambda, port] = [await startLambdaEndpoint(), await unusedPort()];
    await configure();
    gateway = spawn(process.execPath, ['server.js'], { cwd: gatewayDir, env: { ...process.env, ...lambda.env } });
    for (const stream of [gateway.stdout, gateway.stderr]) stream?.on('data', (text: Buffer) => (log += String(text)));
    await listening();
  }, 900_000);

  afterAll(async () => {
    gateway.kill('SIGKILL');
    await once(gateway, 'close');
    await lambda.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** What the README says first: the package's own command. The template's ports are those of everybody. */
  async function configure(): Promise<void> {
    const file = path.join(gatewayDir, 'config/gateway.config.yml');
    const text = readFileSync(file, 'utf8').replace('port: 8080', `port: ${port}`).replace('port: 9876', 'port: 0');
    writeFileSync(file, text);
    await egLambda('setup', '--function', 'hello', '--path', '/hello');
  }

  async function egLambda(...args: readonly string[]): Promise<string> {
    const command = path.join(gatewayDir, 'node_modules/.bin/eg-lambda');
    const { stdout } = await run(command, args, { cwd: gatewayDir, env: { ...process.env, ...lambda.env } });
    return stdout;
  }

  async function listening(): Promise<void> {
    for (let waited = 0; !log.includes('gateway http server listening'); waited += 50) {
      if (waited > 90_000 || gateway.exitCode !== null) throw new Error(`the gateway did not come up:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('a request goes through it', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/hello?a=1`);
    expect([response.status, await response.text()]).toEqual([200, 'ok']);
    expect(lambda.last().event).toMatchObject({ resource: '/hello', queryStringParameters: { a: '1' } });
  });

  test('the command finds nothing wrong, and makes a call', async () => {
    expect(await egLambda('doctor')).toMatch(/✔ hello exists and may be invoked[^✘]*Policies: 1\. All is well\.\n$/);
    expect(await egLambda('invoke', 'hello')).toMatch(/\n200 OK\n(?:.+\n)+\nok\n$/);
  });

  test('the manifest is what `require` gives', async () => {
    const script =
      "const m = require('express-gateway-plugin-lambda'); console.log(JSON.stringify([m.version, m.policies, typeof m.init, m.schema.$id]))";
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: gatewayDir });
    expect(JSON.parse(stdout)).toEqual([
      '1.2.0',
      ['lambda-proxy'],
      'function',
      'http://express-gateway.io/schemas/plugins/lambda.json',
    ]);
  });

  test('it contains the compiled code with its declarations, the documents, and nothing else', () => {
    const expected = /^(?:dist\/(?:manifest|src\/.*)\.(?:js|d\.ts)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['dist/manifest.js', 'dist/manifest.d.ts', 'README.md', 'LICENSE']));
  });

  test("the host's own configure command takes it", async () => {
    const eg = path.join(gatewayDir, 'node_modules/.bin/eg');
    const { stdout, stderr } = await run(eg, ['plugin', 'configure', 'lambda'], {
      cwd: gatewayDir,
      env: { ...process.env, EG_CONFIG_DIR: path.join(gatewayDir, 'config') },
    });
    expect(`${stdout}${stderr}`).toMatch(/Plugin configured/);
  });
});
