import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { properties } from './properties';

interface Arrival {
  /** When the request's head arrived, by the clock of `performance.now()`. */
  readonly at: number;
  /** Whether a policy answers it. */
  isTaken: boolean;
}

/**
 * On the request itself, before anybody else sees it: a WeakMap's entries are looked through in each collection (measured: a
 * fiftieth of all the time that a small request takes).
 */
const ARRIVAL = Symbol('arrival');

type NotedRequest = IncomingMessage & { [ARRIVAL]?: Arrival };

let isWatching = false;

/**
 * Begins to note when requests arrive, for all HTTP servers of this process. Policies before ours may take their time
 * (authentication asks Redis, a rate limit delays), and a client's wait begins before them.
 */
export function watchArrivals(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('http.server.request.start', (message) => {
    note((message as { readonly request: IncomingMessage }).request);
  });
}

/**
 * Takes a request for a policy, once. What goes on twice (`next(); next()`) reaches the policy behind this one, too, and a
 * second function would run.
 *
 * @returns when the head of the request arrived, by the clock of `performance.now()`; now, if nobody watched then; undefined
 *   when it has been taken
 */
export function takeRequest(request: NotedRequest): number | undefined {
  const [arrival = note(request)] = properties(request, ARRIVAL);
  if (arrival.isTaken) return undefined;
  arrival.isTaken = true;
  return arrival.at;
}

function note(request: NotedRequest): Arrival {
  return (request[ARRIVAL] = { at: performance.now(), isTaken: false });
}
