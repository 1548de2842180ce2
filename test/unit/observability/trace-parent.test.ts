import { TraceFlags } from '@opentelemetry/api';
import { fromTraceHeader } from '../../../src/observability/trace-parent';

const SPAN = {
  traceId: '65a1b2c30123456789abcdef01234567',
  spanId: '53995c3f42cd8ad8',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
};
const ROOT = 'Root=1-65a1b2c3-0123456789abcdef01234567';
const PARENT = 'Parent=53995c3f42cd8ad8';

test.each([
  [`${ROOT};${PARENT};Sampled=1`, SPAN],
  [`${PARENT};Sampled=1;${ROOT}`, SPAN],
  [`Self=1-65a1b2c4-0123456789abcdef01234567; ${ROOT}; ${PARENT}; Sampled=1; Lineage=1:a:0`, SPAN],
  [`${ROOT};${PARENT};Sampled=1`.toUpperCase(), SPAN],
  [`${ROOT};${PARENT};Sampled=0`, { ...SPAN, traceFlags: TraceFlags.NONE }],
  [`${ROOT};${PARENT}`, { ...SPAN, traceFlags: TraceFlags.NONE }],
])('the span that it names: %s', (header, span) => {
  expect(fromTraceHeader(header)).toEqual(span);
});

test.each([
  undefined,
  '',
  ROOT,
  PARENT,
  `${ROOT};Sampled=1`,
  `${ROOT}0;${PARENT}`,
  `${ROOT};${PARENT}0`,
  `X${ROOT};${PARENT}`,
  `Root=2-65a1b2c3-0123456789abcdef01234567;${PARENT}`,
  `Root=1-65a1b2c3-0123456789abcdef0123456z;${PARENT}`,
])('it names none: %s', (header) => {
  expect(fromTraceHeader(header)).toBeUndefined();
});
