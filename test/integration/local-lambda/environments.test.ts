import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { fixtures, startBench } from './support';
import type { Bench, InvokeResult } from './support';

describe('execution environments', () => {
  let folder: string;
  let bench: Bench | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-lambda-'));
  });

  afterEach(async () => {
    await bench?.close();
    rmSync(folder, { recursive: true });
  });

  test('keep the state of the module from one invocation to the next', async () => {
    bench = await startBench();
    expect((await bench.invoke('counter')).payload).toBe(1);
    expect((await bench.invoke('counter')).payload).toBe(2);
  });

  test('are of one version each', async () => {
    bench = await startBench();
    expect((await bench.invoke('counter:1')).payload).toBe(1);
    expect((await bench.invoke('counter:2')).payload).toBe(1);
  });

  test('run one invocation at a time, so that concurrent ones get several', async () => {
    bench = await startBench();
    const results = await meet(bench, folder, 3, 3);
    expect(new Set(results.map(({ payload }) => payload.environment)).size).toBe(3);
  });

  test('are not more than the limit: further invocations wait', async () => {
    bench = await startBench({ maxConcurrency: 2 });
    const results = await meet(bench, folder, 5, 2);
    expect(new Set(results.map(({ payload }) => payload.environment)).size).toBe(2);
    expect(Math.max(...results.map(({ payload }) => payload.together))).toBe(2);
  });

  test('that die make room for those who wait', async () => {
    const own = (bench = await startBench({ maxConcurrency: 1 }));
    const results = await Promise.all([1, 2, 3].map((code) => own.invoke('failing', { how: 'exit', code })));
    expect(results.map(({ payload }) => payload.errorType)).toEqual(Array(3).fill('Runtime.ExitError'));
  });

  describe('follow the code', () => {
    const handlerOf = (text: string): string => `exports.handler = async () => ${JSON.stringify(text)};`;

    test('when the file of the function changes', async () => {
      const file = join(folder, 'fn.js');
      writeFileSync(file, handlerOf('old'));
      bench = await startBench({ folder });
      expect((await bench.invoke('fn')).payload).toBe('old');
      writeFileSync(file, handlerOf('new'));
      expect((await bench.invoke('fn')).payload).toBe('new');
    });

    test('when another file of its folder changes, even with the same size and an old date', async () => {
      mkdirSync(join(folder, 'fn/lib'), { recursive: true });
      const helper = join(folder, 'fn/lib/text.js');
      writeFileSync(helper, 'module.exports = "one";');
      utimesSync(helper, 1, 1);
      writeFileSync(join(folder, 'fn/index.js'), 'exports.handler = async () => require("./lib/text.js");');
      bench = await startBench({ folder });
      expect((await bench.invoke('fn')).payload).toBe('one');
      writeFileSync(helper, 'module.exports = "two";');
      utimesSync(helper, 1, 1);
      expect((await bench.invoke('fn')).payload).toBe('two');
    });

    test('when an ES module changes', async () => {
      const file = join(folder, 'fn.mjs');
      writeFileSync(file, 'export const handler = async () => "old";');
      bench = await startBench({ folder });
      expect((await bench.invoke('fn')).payload).toBe('old');
      writeFileSync(file, 'export const handler = async () => "new";');
      expect((await bench.invoke('fn')).payload).toBe('new');
    });

    test('when a function appears or goes', async () => {
      bench = await startBench({ folder });
      await expect(bench.invoke('fn')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      writeFileSync(join(folder, 'fn.js'), handlerOf('here'));
      expect((await bench.invoke('fn')).payload).toBe('here');
      rmSync(join(folder, 'fn.js'));
      await expect(bench.invoke('fn')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    test('while an invocation in flight ends on the old', async () => {
      const functions = join(folder, 'functions');
      const meeting = join(folder, 'meeting');
      mkdirSync(functions);
      mkdirSync(meeting);
      cpSync(join(fixtures, 'rendezvous.js'), join(functions, 'fn.js'));
      bench = await startBench({ folder: functions });
      const started: string[] = [];
      const inFlight = bench.invoke('fn', { folder: meeting, arrivals: 2 }).then((result) => {
        started.push('old ended');
        return result;
      });
      await eventually(() => readdirSync(meeting).length > 0);
      writeFileSync(join(functions, 'fn.js'), handlerOf('new'));
      expect((await bench.invoke('fn')).payload).toBe('new');
      expect(started).toEqual([]);
      writeFileSync(join(meeting, 'arrived-by-hand'), '');
      expect((await inFlight).payload.environment).toEqual(expect.any(String));
    });
  });
});

function meet(bench: Bench, folder: string, calls: number, arrivals: number): Promise<InvokeResult[]> {
  return Promise.all(Array.from({ length: calls }, () => bench.invoke('rendezvous', { folder, arrivals })));
}
