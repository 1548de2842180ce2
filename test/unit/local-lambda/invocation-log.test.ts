import { InvocationLog } from '../../../src/local-lambda/invocation-log';

const decode = (tail: string): string => Buffer.from(tail, 'base64').toString();

describe('InvocationLog', () => {
  test('writes the lines that CloudWatch Logs would have', () => {
    const lines: string[] = [];
    const log = new InvocationLog('id-1', (line) => lines.push(line));
    log.start('7');
    log.write('one\ntwo');
    log.end({ durationMs: 12.345, memorySize: 128, memoryUsed: 2 ** 20 + 1, initDurationMs: 100 });
    expect(lines).toEqual([
      'START RequestId: id-1 Version: 7',
      'one',
      'two',
      'END RequestId: id-1',
      'REPORT RequestId: id-1\tDuration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 2 MB\tInit Duration: 100.00 ms\t',
    ]);
    expect(decode(log.tail())).toBe(`${lines.join('\n')}\n`);
  });

  test('leaves out of REPORT what is not known', () => {
    const log = new InvocationLog('id-1', () => undefined);
    log.end({ durationMs: 1, memorySize: 128, memoryUsed: undefined, initDurationMs: undefined });
    expect(decode(log.tail())).toMatch(/\tMemory Size: 128 MB\t\n$/);
  });

  test('keeps the last 4096 bytes, not characters', () => {
    const log = new InvocationLog('id-1', () => undefined);
    log.write(`${'ä'.repeat(5000)}end`);
    const bytes = Buffer.from(log.tail(), 'base64');
    expect(bytes).toHaveLength(4096);
    expect(bytes.toString()).toMatch(/äend\n$/);
  });
});
