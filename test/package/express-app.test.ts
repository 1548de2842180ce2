import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type LambdaEndpoint, startLambdaEndpoint } from '../support/lambda-endpoint';

const ROOT = path.join(__dirname, '../..');
const run = promisify(execFile);

/** The package as an Express app gets it: packed, and installed where there is no Express Gateway. */
describe('the packed tarball in an Express app', () => {
  let dir: string;
  let lambda: LambdaEndpoint;

  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'express-app-'));
    const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', dir], { cwd: ROOT });
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    writeFileSync(path.join(dir, 'package.json'), '{ "private": true }');
    const packages = [
      `./${filename}`,
      'express@4',
      'express-5@npm:express@5',
      '@types/node@20',
      'types-express-4@npm:@types/express@4',
      'types-express-5@npm:@types/express@5',
    ];
    const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...flags, ...packages], { cwd: dir });
    lambda = await startLambdaEndpoint();
  }, 300_000);
  afterAll(async () => {
    await lambda.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  };

  /** Runs a program that prints an address as its first line, asks it something, and ends it; gives what it wrote. */
  async function asking(
    file: string,
    ask: (url: string) => Promise<void>,
  ): Promise<{ stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [file], { cwd: dir, env: { ...process.env, ...lambda.env } });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
    }
    const ended = once(child, 'close').then(() => {
      throw new Error(`${file} ended:\n${output.stderr}`);
    });
    try {
      await Promise.race([once(child.stdout, 'data'), ended]);
      await ask(output.stdout.trim());
    } finally {
      ended.catch(() => undefined);
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    return output;
  }

  test('nothing of Express Gateway is there', () => {
    expect(existsSync(path.join(dir, 'node_modules/express-gateway-plugin-lambda'))).toBe(true);
    expect(existsSync(path.join(dir, 'node_modules/express-gateway'))).toBe(false);
  });

  const app = `
    const app = express();
    app.get('/users/:id', lambdaProxy({ functionName: 'hello', payloadFormatVersion: '2.0' }));
    app.get('/fails', lambdaProxy({ functionName: 'fails' }));
    const server = app.listen(0, () => console.log('http://127.0.0.1:' + server.address().port));`;
  const imports = {
    cjs: (name: string) => `
      const express = require('${name}');
      const { lambdaProxy } = require('express-gateway-plugin-lambda');`,
    mjs: (name: string) => `
      import express from '${name}';
      import { lambdaProxy } from 'express-gateway-plugin-lambda';`,
  };

  test.each([
    ['express', 'cjs'],
    ['express', 'mjs'],
    ['express-5', 'cjs'],
    ['express-5', 'mjs'],
  ] as const)('%s, %s: a request goes through it, a failure is a line on stderr', async (name, kind) => {
    write(`${name}.${kind}`, imports[kind](name) + app);
    lambda.respondWith(({ functionName }) =>
      functionName === 'fails'
        ? { result: {}, functionError: 'Unhandled' }
        : { result: { statusCode: 200, body: 'hello' } },
    );
    const { stdout, stderr } = await asking(`${name}.${kind}`, async (url) => {
      const response = await fetch(`${url}/users/7`);
      expect([response.status, await response.text()]).toEqual([200, 'hello']);
      expect(lambda.last().event.routeKey).toBe('GET /users/{id}');
      expect((await fetch(`${url}/fails`)).status).toBe(500);
    });
    expect(stderr).toContain('lambda-proxy FUNCTION_ERROR status=500 function="fails"');
    expect(stdout).toMatch(/^http:\S+\n$/);
  });

  test('the local Lambda runs functions, and serves a function URL', async () => {
    write(
      'functions/hello.js',
      "exports.handler = async ({ rawPath }) => ({ statusCode: 200, body: 'at ' + rawPath });",
    );
    write(
      'local.mjs',
      `import { startLocalLambda } from 'express-gateway-plugin-lambda/local-lambda';
       const lambda = await startLocalLambda({ folder: 'functions', timeout: 60, functionUrls: { hello: 0 } });
       console.log(lambda.functionUrls.hello);`,
    );
    await asking('local.mjs', async (url) => {
      expect(await (await fetch(`${url}/a/b`)).text()).toBe('at /a/b');
    });
  });

  test('what is no part of the interface cannot be required', async () => {
    const script = "require('express-gateway-plugin-lambda/dist/src/http/exchange')";
    await expect(run(process.execPath, ['-e', script], { cwd: dir })).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
    const { stdout } = await run(
      process.execPath,
      ['-p', "require('express-gateway-plugin-lambda/package.json').name"],
      { cwd: dir },
    );
    expect(stdout.trim()).toBe('express-gateway-plugin-lambda');
  });

  describe('the types', () => {
    /** Without a word of Express, whose types are an app's own choice. */
    const alone = `
      import { init, lambdaProxy, policies, schema, version } from 'express-gateway-plugin-lambda';
      import { startLocalLambda } from 'express-gateway-plugin-lambda/local-lambda';
      lambdaProxy({ functionName: 'hello', payloadFormatVersion: '2.0', assumeRole: { roleArn: 'arn' } });
      // @ts-expect-error -- no such setting
      lambdaProxy({ functionName: 'hello', timout: 1 });
      // @ts-expect-error -- no such value
      lambdaProxy({ functionName: 'hello', invokeMode: 'FAST' });
      // @ts-expect-error -- a logger has more methods
      lambdaProxy({ functionName: 'hello' }, { logger: { error: console.error } });
      const functionUrls = { hello: 9101, clock: { port: 0, invokeMode: 'RESPONSE_STREAM' } } as const;
      export const urls = startLocalLambda({ folder: 'functions', functionUrls }).then((started): string | undefined => {
        return started.functionUrls['hello'];
      });
      export const ofTheHost: readonly unknown[] = [init, policies, schema, version];`;
    const routes = (module: string, wildcard: string) => `
      import express from '${module}';
      import { lambdaProxy } from 'express-gateway-plugin-lambda';
      import type { LambdaProxyMiddleware, LambdaProxyOptions } from 'express-gateway-plugin-lambda';
      declare global {
        namespace Express {
          interface Request { user?: { readonly name: string } | undefined; id: string; }
        }
      }
      const options: LambdaProxyOptions = { functionName: 'hello' };
      const proxy: LambdaProxyMiddleware = lambdaProxy(options, { logger: console });
      const handler: express.RequestHandler = proxy;
      for (const app of [express(), express.Router()]) {
        app.get('/users/:id', handler, proxy).get('${wildcard}', proxy).all(/expression/, proxy);
        app.post(['/a', '/b/:c'], proxy).use('/api', proxy).use(proxy);
        app.route('/r/:id').get(proxy).put(proxy);
      }`;

    beforeAll(() => {
      write('types/alone.ts', alone);
      write('types/express-4.ts', routes('types-express-4', '/all/:id/*'));
      write('types/express-5.ts', routes('types-express-5', '/all/:id/*rest'));
    });

    test.each([
      ['node16', true],
      ['nodenext', false],
      ['bundler', true],
      ['bundler', false],
    ])('fit a strict project: moduleResolution %s, exactOptionalPropertyTypes %s', async (moduleResolution, exact) => {
      const compilerOptions = {
        module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
        moduleResolution,
        target: 'es2022',
        strict: true,
        skipLibCheck: false,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: exact,
        esModuleInterop: true,
        noEmit: true,
        types: ['node'],
      };
      const file = `types/tsconfig.${moduleResolution}-${exact}.json`;
      write(file, JSON.stringify({ compilerOptions, files: ['alone.ts', 'express-4.ts', 'express-5.ts'] }));
      const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
      const outcome = await run(process.execPath, [tsc, '-p', file], { cwd: dir }).then(
        () => 'fine',
        (failure: unknown) => (failure as { readonly stdout: string }).stdout,
      );
      expect(outcome).toBe('fine');
    });
  });
});
