import type { Phase } from './exchange';

/**
 * How many requests of this process are in each stage. They are only counted: a Set of them, which V8 makes anew again and
 * again as they come and go, kept each request and all that it refers to from young collections (measured: twice as much
 * for full ones, a tenth of all the time that a small request takes).
 */
const counts = new Map<Phase, number>();

/** Notes that a request went from one stage to the next; undefined before its first and after its last. */
export function move(from: Phase | undefined, to: Phase | undefined): void {
  if (from !== undefined) counts.set(from, inPhases(from) - 1);
  if (to !== undefined) counts.set(to, inPhases(to) + 1);
}

/** How many requests are in any of these stages at the moment. */
export function inPhases(...phases: readonly Phase[]): number {
  return phases.reduce((sum, phase) => sum + (counts.get(phase) ?? 0), 0);
}
