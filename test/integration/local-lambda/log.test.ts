import { eventually } from '../../support/eventually';
import { startBench } from './support';
import type { Bench } from './support';

describe('the log', () => {
  let bench: Bench;
  let lines: string[];

  beforeEach(async () => {
    lines = [];
    bench = await startBench({ log: (line) => lines.push(line), timeouts: { failing: 0.25 } });
  });

  afterEach(() => bench.close());

  const tailOf = async (FunctionName: string, event: unknown): Promise<{ text: string; id: string }> => {
    const output = await bench.send({ FunctionName, LogType: 'Tail', Payload: Buffer.from(JSON.stringify(event)) });
    return {
      text: Buffer.from(output.LogResult ?? '', 'base64').toString(),
      id: output.$metadata.requestId ?? 'no request id',
    };
  };
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z/;

  test('has START, the output, END and REPORT', async () => {
    const { text, id } = await tailOf('logging', {});
    const found = text.replace(/^ {4}at .*\n/gm, '').split('\n');
    expect(found.map((line) => line.replace(time, '<time>').replace(/\tDuration: .*/, '\t…'))).toEqual([
      '<time>\tundefined\tINFO\tloading',
      `START RequestId: ${id} Version: $LATEST`,
      `<time>\t${id}\tINFO\tinfo 1 { a: 1 }`,
      `<time>\t${id}\tDEBUG\tdebug`,
      `<time>\t${id}\tWARN\ttwo`,
      'lines',
      `<time>\t${id}\tERROR\tError: logged`,
      'raw out',
      'raw err',
      `END RequestId: ${id}`,
      `REPORT RequestId: ${id}\t…`,
      '',
    ]);
  });

  test('tells of a cold start only once', async () => {
    const reportLine =
      /\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\t(Init Duration: [\d.]+ ms\t)?\n$/;
    expect(reportLine.exec((await tailOf('logging', {})).text)?.[1]).toMatch(/^Init Duration/);
    const warm = reportLine.exec((await tailOf('logging', {})).text);
    expect(warm).not.toBeNull();
    expect(warm?.[1]).toBeUndefined();
  });

  test('comes with the answer as its last 4 KB', async () => {
    const output = await bench.send({
      FunctionName: 'logging',
      LogType: 'Tail',
      Payload: Buffer.from('{"fill":9000}'),
    });
    const bytes = Buffer.from(output.LogResult ?? '', 'base64');
    expect(bytes).toHaveLength(4096);
    expect(bytes.toString()).toMatch(/äää\nEND RequestId: .*\nREPORT RequestId: .*\n$/);
  });

  test('does not come with the answer unless asked for', async () => {
    expect((await bench.send({ FunctionName: 'logging' })).LogResult).toBeUndefined();
  });

  test('has the error of a function that failed', async () => {
    const { text, id } = await tailOf('logging', { fail: true });
    expect(text).toMatch(new RegExp(`\\t${id}\\tERROR\\tInvoke Error \\t{"errorType":"Error","errorMessage":"failed"`));
  });

  test('has the timeout of a function that took too long', async () => {
    const { text, id } = await tailOf('failing', { how: 'hangs' });
    expect(text).toMatch(new RegExp(`Z ${id} Task timed out after 0.25 seconds\nEND RequestId: ${id}\nREPORT `));
  });

  test('goes to the callback line by line, after the name of the function', async () => {
    await bench.send({ FunctionName: 'logging' });
    expect(lines).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\[logging\] START /), '[logging] lines', '[logging] raw out']),
    );
  });

  test('of an Event goes to the callback too', async () => {
    await bench.send({ FunctionName: 'logging', InvocationType: 'Event' });
    await eventually(() => lines.some((line) => line.startsWith('[logging] REPORT')));
    expect(lines).toContain('[logging] raw out');
  });

  test('callback that throws harms nothing', async () => {
    const own = await startBench({
      log: () => {
        throw new Error('no log today');
      },
    });
    expect((await own.invoke('logging')).payload).toBe('logged');
    await own.close();
  });
});
