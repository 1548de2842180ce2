import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** When the heads of requests arrived, by the clock of `performance.now()`. */
const arrivals = new WeakMap<IncomingMessage, number>();

let isWatching = false;

/**
 * Begins to note when requests arrive, for all HTTP servers of this process. Policies before ours may take their time
 * (authentication asks Redis, a rate limit delays), and a client's wait begins before them.
 */
export function watchArrivals(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('http.server.request.start', (message) => {
    arrivals.set((message as { readonly request: IncomingMessage }).request, performance.now());
  });
}

/** When the head of this request arrived; now, if nobody watched then. */
export function arrivalOf(request: IncomingMessage): number {
  return arrivals.get(request) ?? performance.now();
}
