import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LambdaEndpoint, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { startConnectProxy } from './connect-proxy';
import { call, connect } from './support';
import { certificate, startTlsFront } from './tls-front';

/** The kernel's table is Linux's. Elsewhere these tests show as skipped. */
const onLinux = process.platform === 'linux' ? test : test.skip;

/**
 * Milliseconds until the kernel next probes the connections to a port of this machine; none for those it does not probe.
 * https://docs.kernel.org/networking/proc_net_tcp.html
 */
function nextProbes(port: number): readonly number[] {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([, , peer, state, , timer = '']) => {
    const [kind, ticks = ''] = timer.split(':');
    return peer === remote && state === '01' && kind === '02' ? [parseInt(ticks, 16) * 10] : [];
  });
}

/** Data on its way has a timer of its own first. */
async function nextProbe(port: number): Promise<number> {
  for (;;) {
    const [probe] = nextProbes(port);
    if (probe !== undefined) return probe;
    await sleep(10);
  }
}

let lambda: LambdaEndpoint;
beforeEach(async () => {
  lambda = await startLambdaEndpoint({ fault: 'hang' });
});
afterEach(() => lambda.close());

/** The system's own default would be two hours. */
const HALF_A_MINUTE = 30_000;

describe('a peer that vanished while the function runs shows: the connection is probed', () => {
  onLinux('directly', async () => {
    const outcome = call(connect({ endpoint: lambda.url }));
    await lambda.waitFor(1);
    expect(await nextProbe(lambda.port)).toBeLessThanOrEqual(HALF_A_MINUTE);
    await lambda.close();
    await outcome;
  });

  onLinux('with TLS', async () => {
    const front = await startTlsFront(lambda.port);
    const outcome = call(connect({ endpoint: front.url, caFile: certificate('ca.pem') }));
    await lambda.waitFor(1);
    expect(await nextProbe(Number(new URL(front.url).port))).toBeLessThanOrEqual(HALF_A_MINUTE);
    await front.close();
    await outcome;
  });

  onLinux('to the outbound proxy', async () => {
    const proxy = await startConnectProxy(lambda.port);
    const outcome = call(connect({ endpoint: 'http://lambda.example.test', proxyUrl: proxy.url }));
    await lambda.waitFor(1);
    expect(await nextProbe(Number(new URL(proxy.url).port))).toBeLessThanOrEqual(HALF_A_MINUTE);
    await proxy.close();
    await outcome;
  });
});
