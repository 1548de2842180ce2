import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { startLocalLambda } from '../../../src/local-lambda';
import { loggedLine } from '../../support/eventually';
import { unusedPort } from '../../support/lambda-endpoint';
import { fixtures, rawRequest, startBench } from './support';

const path = '/2015-03-31/functions/plain-cjs/invocations';

describe('startLocalLambda', () => {
  test('takes a free port and tells which', async () => {
    const server = await startLocalLambda({ folder: fixtures });
    expect(server.port).toBeGreaterThan(0);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    await server.close();
  });

  test('is reached by every name of the loopback interface', async () => {
    const server = await startLocalLambda({ folder: fixtures });
    expect((await rawRequest(server.url, { path })).status).toBe(200);
    expect((await rawRequest(`http://localhost:${server.port}`, { path })).status).toBe(200);
    await server.close();
  });

  test('is not reached by any other address of the machine', async () => {
    const server = await startLocalLambda({ folder: fixtures });
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) {
      await expect(rawRequest(`http://${address}:${server.port}`, { path })).rejects.toThrow();
    }
    // Whatever addresses there are: the server offers no option to listen on them.
    expect(Object.keys(server).sort()).toEqual(['close', 'port', 'url']);
    await server.close();
  });

  test('says in one line that the port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startLocalLambda({ folder: fixtures, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `Local Lambda: cannot listen on 127.0.0.1:${port}: the port is in use`,
    });
    await new Promise((resolve) => other.close(resolve));
  });

  test.each([
    [{ folder: '/no/such/folder' }, 'folder'],
    [{ timeout: 0 }, 'timeout'],
    [{ timeout: 901 }, 'timeout'],
    [{ timeouts: { echo: Number.NaN } }, 'timeouts.echo'],
    [{ maxConcurrency: 0 }, 'maxConcurrency'],
    [{ memorySize: 64.5 }, 'memorySize'],
  ])('refuses %j', async (options, option) => {
    const start = startLocalLambda({ folder: fixtures, ...options });
    await expect(start).rejects.toThrow(new RegExp(`^Local Lambda: ${option} .*$`));
  });

  test('refuses a port that is none', async () => {
    await expect(startLocalLambda({ folder: fixtures, port: 70_000 })).rejects.toThrow(/port/);
  });
});

describe('close', () => {
  test('frees the port', async () => {
    const port = await unusedPort();
    const first = await startLocalLambda({ folder: fixtures, port });
    await first.close();
    const second = await startLocalLambda({ folder: fixtures, port });
    await second.close();
  });

  test('cuts what is running and what is waiting', async () => {
    const log: string[] = [];
    const bench = await startBench({ maxConcurrency: 1, log: (line) => log.push(line) });
    const calls = ['hangs', 'spins', 'hangs'].map((how) => bench.invoke('failing', { how }));
    const settled = Promise.allSettled(calls);
    await loggedLine(log, 0, /START/);
    await bench.server.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await bench.close();
  });

  test('ends an Event that is running', async () => {
    const bench = await startBench();
    const Payload = Buffer.from('{"how":"spins"}');
    await bench.send({ FunctionName: 'failing', InvocationType: 'Event', Payload });
    await bench.close();
    await expect(bench.server.close()).resolves.toBeUndefined();
  });

  test('may be called twice', async () => {
    const server = await startLocalLambda({ folder: fixtures });
    await Promise.all([server.close(), server.close()]);
  });
});
