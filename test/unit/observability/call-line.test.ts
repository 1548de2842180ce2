import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';
import type { Exchange, Outcome } from '../../../src/http/exchange';
import { callLine } from '../../../src/observability/call-line';

const FUNCTION = { name: 'users', qualifier: 'live', region: undefined };
const exchange = (outcome: Outcome): Exchange => ({ ...MEASURED, outcome }) as Partial<Exchange> as Exchange;
const MEASURED = {
  attempts: 1,
  bytesSent: 812,
  bytesReceived: 64,
  elapsed: 12.345,
  durations: { request: 0.31, invoke: 11.96 },
};

test('a call that succeeded', () => {
  expect(callLine('id-1', FUNCTION, exchange({ status: 200, error: undefined }))).toBe(
    'lambda-proxy call status=200 outcome=OK function="users" qualifier="live" requestId="id-1" ' +
      'attempts=1 sent=812 received=64 ms=12.3 request=0.3 invoke=12.0',
  );
});

test('a failure is there by its code; its words are in the line of failures only', () => {
  const error = new LambdaProxyError('TIMEOUT', 'no answer within 300 ms');
  const line = callLine('id-1', FUNCTION, exchange({ status: 504, error }));
  expect(line).toContain('lambda-proxy call status=504 outcome=TIMEOUT ');
  expect(line).not.toContain('300');
});
