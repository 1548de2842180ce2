import { setTimeout as sleep } from 'node:timers/promises';
import { CollectedOutput } from '../../../src/local-lambda/collected-output';
import { ExecutionEnvironment } from '../../../src/local-lambda/execution-environment';
import { findFunction } from '../../../src/local-lambda/function-code';
import type { Invocation } from '../../../src/local-lambda/invocation';
import { InvocationLog } from '../../../src/local-lambda/invocation-log';
import type { OutputReader } from '../../../src/local-lambda/output-reader';
import { eventually } from '../../support/eventually';
import { fixtures } from './support';

const invocation: Invocation = {
  requestId: 'id-1',
  version: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
  event: '{}',
  timeout: 0.1,
  clientContext: undefined,
  traceId: undefined,
};
const log = new InvocationLog('id-1', () => undefined);

async function environmentFor(name: string): Promise<ExecutionEnvironment> {
  const code = await findFunction(fixtures, name);
  if (!code) throw new Error(`no fixture ${name}`);
  const setup = { code, version: '$LATEST', memorySize: 128, initLimitMs: 100, log: () => undefined };
  return new ExecutionEnvironment(setup);
}

describe('ExecutionEnvironment', () => {
  test('gives up a module that takes too long to load', async () => {
    const environment = await environmentFor('slow-to-load');
    const outcome = await environment.run(invocation, log, new CollectedOutput());
    expect(outcome.failed).toBe(true);
    expect(JSON.parse(outcome.payload ?? '')).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: id-1 Error: Task timed out after 0.10 seconds',
    });
    await environment.terminate();
  });

  test('that was terminated still answers', async () => {
    const environment = await environmentFor('counter');
    await environment.terminate();
    const outcome = await environment.run({ ...invocation, timeout: 60 }, log, new CollectedOutput());
    expect(JSON.parse(outcome.payload ?? '').errorType).toBe('Runtime.ExitError');
  });

  test('is not inherited a NODE_OPTIONS that a worker would refuse', async () => {
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--title=gateway';
    try {
      const environment = await environmentFor('counter');
      const outcome = await environment.run({ ...invocation, timeout: 60 }, log, new CollectedOutput());
      expect(outcome).toEqual({ failed: false, payload: '1' });
      await environment.terminate();
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  });

  test('sends a reader who takes nothing 256 KB and no more', async () => {
    const environment = await environmentFor('streaming');
    const pieces: Uint8Array[] = [];
    const takenLater: (() => void)[] = [];
    const reader: OutputReader = {
      take: (bytes, taken) => {
        pieces.push(bytes);
        takenLater.push(taken);
      },
      gone: new AbortController().signal,
    };
    const size = (): number => pieces.reduce((sum, { length }) => sum + length, 0);
    const event = JSON.stringify({ how: 'binary', repeat: 4096 });
    const ended = environment.run({ ...invocation, timeout: 60, event }, log, reader);
    await eventually(() => size() >= 262_144);
    await sleep(300);
    expect(size()).toBe(262_144);
    // Each piece that is taken lets another one through.
    takenLater.shift()?.();
    await eventually(() => size() > 262_144);
    await sleep(100);
    expect(size()).toBe(262_144 + 65_536);
    let isOver = false;
    void ended.then(() => (isOver = true));
    await eventually(() => {
      takenLater.splice(0).forEach((taken) => {
        taken();
      });
      return isOver;
    });
    expect(await ended).toEqual({ failed: false, payload: undefined });
    expect(size()).toBe(256 * 4096);
    await environment.terminate();
  });
});
