import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { payloadOf, startBench } from './support';
import type { Bench } from './support';

describe('functions that fail', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench();
  });

  afterAll(() => bench.close());

  test('a thrown error is answered with 200, its name, message and stack', async () => {
    const output = await bench.send({ FunctionName: 'failing', Payload: Buffer.from('{"how":"error"}') });
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST' });
    expect(payloadOf(output)).toEqual({
      errorType: 'TeapotError',
      errorMessage: 'short and stout',
      trace: expect.arrayContaining(['TeapotError: short and stout', expect.stringContaining('failing.js')]),
    });
  });

  test.each([
    ['string', 'string', 'just text'],
    ['number', 'number', '42'],
    ['object', 'object', '[object Object]'],
  ])('a thrown %s is described', async (how, errorType, errorMessage) => {
    const { error, payload } = await bench.invoke('failing', { how });
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({ errorType, errorMessage, trace: [] });
  });

  test('a thrown value that cannot be described is "handled"', async () => {
    expect((await bench.invoke('failing', { how: 'unprintable' })).payload.errorType).toBe('handled');
  });

  test.each(['circular', 'bigint'])('a %s result is an error of the runtime', async (how) => {
    const { error, payload } = await bench.invoke('failing', { how });
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'Error', errorMessage: 'Unable to stringify response body' });
  });

  test.each(['nothing', 'function'])('a result that is %s is null', async (how) => {
    expect(await bench.invoke('failing', { how })).toEqual({ error: undefined, payload: null });
  });

  test('a result may have 6 MB and no more', async () => {
    expect((await bench.invoke('failing', { how: 'largest' })).payload).toHaveLength(6_291_554);
    const { error, payload } = await bench.invoke('failing', { how: 'tooLarge' });
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });

  test('a promise that nothing will settle is found out at once', async () => {
    const { error, payload } = await bench.invoke('never-settles');
    expect(error).toBe('Unhandled');
    expect(payload.errorType).toBe('Runtime.NodeJsExit');
  });

  test('an error that the handler reports keeps the environment, one that nobody catches ends it', async () => {
    const own = await startBench();
    await own.invoke('failing', { how: 'error' });
    expect((await own.invoke('failing', { how: 'calls' })).payload).toBe(2);
    await own.invoke('failing', { how: 'uncaught' });
    expect((await own.invoke('failing', { how: 'calls' })).payload).toBe(1);
    await own.close();
  });

  test.each([
    ['uncaught', 'TeapotError', 'thrown later'],
    ['unhandledRejection', 'Runtime.UnhandledPromiseRejection', 'TeapotError: nobody waits'],
  ])('%s', async (how, errorType, errorMessage) => {
    const { error, payload } = await bench.invoke('failing', { how });
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType, errorMessage, trace: expect.any(Array) });
  });

  test.each([
    [3, 'Runtime exited with error: exit status 3'],
    [0, 'Runtime exited without providing a reason'],
  ])('process.exit(%d) is a Runtime.ExitError', async (code, reason) => {
    const Payload = Buffer.from(JSON.stringify({ how: 'exit', code }));
    const output = await bench.send({ FunctionName: 'failing', Payload });
    expect(output.FunctionError).toBe('Unhandled');
    expect(payloadOf(output)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${output.$metadata.requestId ?? ''} Error: ${reason}`,
    });
  });

  test('a function that takes more memory than it has is killed, not the server', async () => {
    const { error, payload } = await bench.invoke('failing', { how: 'outOfMemory' });
    expect(error).toBe('Unhandled');
    expect(payload.errorType).toBe('Runtime.OutOfMemory');
    expect(payload.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
  });

  test.each(['hangs', 'spins'])('a function that %s is stopped at its timeout', async (how) => {
    const own = await startBench({ timeout: 60, timeouts: { failing: 0.25 } });
    const output = await own.send({ FunctionName: 'failing', Payload: Buffer.from(JSON.stringify({ how })) });
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(payloadOf(output)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${output.$metadata.requestId ?? ''} Error: Task timed out after 0.25 seconds`,
    });
    await own.close();
  });

  test('a timeout ends the environment; the next invocation has a new one', async () => {
    const own = await startBench({ timeout: 5 });
    expect((await own.invoke('failing', { how: 'hangs' })).payload.errorType).toBe('Sandbox.Timedout');
    expect((await own.invoke('failing', { how: 'calls' })).payload).toBe(1);
    await own.close();
  });

  describe('while their module is loaded', () => {
    test.each([
      ['no-handler', 'Runtime.HandlerNotFound', /^no-handler\.handler is undefined or not exported$/],
      ['not-a-function', 'Runtime.HandlerNotFound', /^not-a-function\.handler is not a function$/],
      ['missing-import', 'Runtime.ImportModuleError', /^Error: Cannot find module 'no-such-package-anywhere'/],
      ['esm-missing-import', 'Runtime.ImportModuleError', /^Error.*: Cannot find package 'no-such-package-anywhere'/],
      ['throws-on-load', 'RangeError', /^on load$/],
      ['exits-on-load', 'Runtime.ExitError', /^RequestId: \S+ Error: Runtime exited with error: exit status 7$/],
    ])('%s: %s', async (name, errorType, message) => {
      // Twice: no environment is kept whose module did not load.
      for (let attempt = 1; attempt <= 2; attempt++) {
        const { error, payload } = await bench.invoke(name);
        expect(error).toBe('Unhandled');
        expect(payload.errorType).toBe(errorType);
        expect(payload.errorMessage).toMatch(message);
      }
    });

    test('a syntax error: Runtime.UserCodeSyntaxError', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'local-lambda-'));
      writeFileSync(join(folder, 'broken.js'), 'exports.handler = async () => {');
      const own = await startBench({ folder });
      const { error, payload } = await own.invoke('broken');
      expect(error).toBe('Unhandled');
      expect(payload.errorType).toBe('Runtime.UserCodeSyntaxError');
      expect(payload.errorMessage).toMatch(/^SyntaxError: /);
      await own.close();
      rmSync(folder, { recursive: true });
    });
  });
});
