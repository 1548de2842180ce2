import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtures, startBench } from './support';
import type { Bench } from './support';

describe('handlers', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench();
  });

  afterAll(() => bench.close());

  test.each([
    ['plain-esm', { esm: 1 }],
    ['plain-cjs', { cjs: 1 }],
    ['folder', 'from a folder'],
    ['esm-package', 'an ES module by its package'],
  ])('the module of %s is found and loaded', async (name, payload) => {
    expect(await bench.invoke(name, 1)).toEqual({ error: undefined, payload });
  });

  test('a link to a module is followed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-lambda-'));
    symlinkSync(join(fixtures, 'plain-cjs.cjs'), join(folder, 'linked.cjs'));
    const linked = await startBench({ folder });
    expect((await linked.invoke('linked', 1)).payload).toEqual({ cjs: 1 });
    await linked.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['callback', 'called back'],
    ['callbackTwice', 'first'],
    ['succeed', { succeeded: true }],
    ['done', 'done'],
    ['returnsValue', null],
    ['returnsPromise', 'from a promise'],
    ['returnsThenable', 'from a thenable'],
    ['neverCallsBack', null],
  ])('%s', async (style, payload) => {
    expect(await bench.invoke('styles', { style })).toEqual({ error: undefined, payload });
  });

  test('a result by callback waits until the function has nothing left to do', async () => {
    const { payload } = await bench.invoke('leaves-timer', { waits: true, afterMs: 100 });
    expect(payload).toEqual({ timerFired: true });
  });

  test('a result by callback does not wait when the function says so', async () => {
    const { payload } = await bench.invoke('leaves-timer', { waits: false, afterMs: 50_000 });
    expect(payload).toEqual({ timerFired: false });
  });

  test.each([
    ['callbackError', 'RangeError', 'called back'],
    ['fail', 'TypeError', 'failed'],
    ['failWithoutError', 'string', 'handled'],
    ['doneError', 'string', 'not done'],
    ['throws', 'TypeError', 'thrown at once'],
  ])('%s', async (style, errorType, errorMessage) => {
    const { error, payload } = await bench.invoke('styles', { style });
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType, errorMessage });
  });
});
