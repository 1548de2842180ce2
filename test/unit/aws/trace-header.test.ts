import { traceHeader } from '../../../src/aws/trace-header';

const ROOT = 'Root=1-67891233-abcdef012345678912345678';

test.each([
  ROOT,
  ROOT.toLowerCase().replace('root', 'Root'),
  `${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`,
  `Self=1-67891234-12456789abcdef0123456789;${ROOT}`,
  `${ROOT};Lineage=a87bd80c:1|68fd508a:5`,
])('%s is handed on as it is', (traceId) => {
  expect(traceHeader(traceId)).toEqual({ 'x-amzn-trace-id': traceId });
});

test.each<[name: string, traceId: string]>([
  ['nothing', ''],
  ['no root', 'Parent=53995c3f42cd8ad8;Sampled=1'],
  ['a root of another version', ROOT.replace('1-', '2-')],
  ['a root that is too short', ROOT.slice(0, -1)],
  ['a root that is too long', `${ROOT}0`],
  ['a root that is not hexadecimal', ROOT.replace('abc', 'xyz')],
  ['the end of another name', `X${ROOT}`],
  ['a line break', `${ROOT};a=\r\nx-amz-date: 1`],
  ['a blank', `${ROOT}; a=b`],
  ['what is not ASCII', `${ROOT};a=ü`],
  ['more than 256 characters', `${ROOT};a=${'x'.repeat(256)}`],
])('%s is left out', (_name, traceId) => {
  expect(traceHeader(traceId)).toEqual({});
});
