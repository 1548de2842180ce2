import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds. Jest's own timeout ends a wait in vain: how long it takes is the machine's affair. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** The first line of a log, from an index on, that matches. Much is logged only when the client has left already. */
export async function loggedLine(log: readonly string[], from: number, pattern = /^/): Promise<string> {
  const find = (): string | undefined => log.slice(from).find((line) => pattern.test(line));
  await eventually(() => find() !== undefined);
  return find()!;
}
