import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Shared } from '../../../src/aws/shared';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Value {
  readonly name: string;
}

/** Asks for a value, and counts in `log` what is made and closed. */
function ask(shared: Shared<Value>, key: string, log: string[], name = key): Value {
  return shared.get(key, () => {
    log.push(`made ${name}`);
    return { value: { name }, close: () => log.push(`closed ${name}`) };
  });
}

/** The collector decides when; Jest's own timeout ends a wait in vain. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    collectGarbage();
    await sleep(5);
  }
}

test('one value per key', () => {
  const shared = new Shared<Value>();
  const log: string[] = [];
  const [a, b, again] = [ask(shared, 'a', log), ask(shared, 'b', log), ask(shared, 'a', log)];
  expect(again).toBe(a);
  expect(b).not.toBe(a);
  expect(log).toEqual(['made a', 'made b']);
  expect(shared.size).toBe(2);
});

test('a value that nobody holds is closed, once, and forgotten; one that is held stays', async () => {
  const shared = new Shared<Value>();
  const log: string[] = [];
  const kept = ask(shared, 'kept', log);
  (() => ask(shared, 'dropped', log))();
  await until(() => shared.size === 1);
  expect(log).toEqual(['made kept', 'made dropped', 'closed dropped']);
  expect(ask(shared, 'kept', log)).toBe(kept);
});

test('a value that was collected is made anew at once, and its successor outlives the report of its end', async () => {
  const shared = new Shared<Value>();
  const log: string[] = [];
  (() => ask(shared, 'key', log, 'first'))();
  const remade = async (): Promise<Value> => {
    for (;;) {
      await sleep(5);
      // The report comes in a turn of its own, after this one.
      collectGarbage();
      const value = ask(shared, 'key', log, 'second');
      if (value.name === 'second') return value;
    }
  };
  const second = await remade();
  await until(() => log.includes('closed first'));
  expect(ask(shared, 'key', log, 'third')).toBe(second);
  expect(log.filter((line) => line !== 'closed first')).toEqual(['made first', 'made second']);
});

test('a value that cannot be made leaves nothing behind', () => {
  const shared = new Shared<Value>();
  const failing = () =>
    shared.get('key', () => {
      throw new Error('no such file');
    });
  expect(failing).toThrow('no such file');
  expect(shared.size).toBe(0);
  expect(ask(shared, 'key', []).name).toBe('key');
});
