import type { Exchange } from '../http/exchange';
import type { InvokedFunction } from '../upstreams/upstream';

/**
 * The line that the log gets at level `debug` for each call, with the milliseconds that each stage took. Nothing of a
 * request but its id stands in it.
 */
export function callLine(requestId: string, { name, qualifier }: InvokedFunction, exchange: Exchange): string {
  const { outcome, attempts, bytesSent, bytesReceived, elapsed, durations } = exchange;
  const stages = Object.entries(durations).flatMap(([phase, ms]) =>
    ms === undefined ? [] : `${phase}=${ms.toFixed(1)}`,
  );
  return [
    `lambda-proxy call status=${outcome?.status ?? ''} outcome=${outcome?.error?.code ?? 'OK'}`,
    `function=${JSON.stringify(name)} qualifier=${JSON.stringify(qualifier)} requestId=${JSON.stringify(requestId)}`,
    `attempts=${attempts} sent=${bytesSent} received=${bytesReceived} ms=${elapsed.toFixed(1)} ${stages.join(' ')}`,
  ].join(' ');
}
