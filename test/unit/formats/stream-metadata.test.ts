import { decodeStreamMetadata } from '../../../src/formats/stream-metadata';

test.each<[metadata: unknown, answer: ReturnType<typeof decodeStreamMetadata>]>([
  [{}, { status: 200, headers: [] }],
  [{ statusCode: 404 }, { status: 404, headers: [] }],
  [
    { statusCode: '201', headers: { 'X-A': 1 } },
    { status: 201, headers: [['X-A', ['1']]] },
  ],
  [
    { headers: { 'x-a': 'b', 'Set-Cookie': 'c=3' }, multiValueHeaders: { 'X-A': ['a', 'b'] }, cookies: ['a=1'] },
    {
      status: 200,
      headers: [
        ['Set-Cookie', ['a=1', 'c=3']],
        ['X-A', ['a', 'b']],
      ],
    },
  ],
])('%p is an answer’s head', (metadata, answer) => {
  expect(decodeStreamMetadata(metadata)).toEqual(answer);
});

test.each([
  null,
  [],
  'text',
  { statusCode: 99 },
  { statusCode: 600 },
  { headers: [] },
  { headers: { 'X-A': 'a\r\nX-B: 1' } },
  { multiValueHeaders: { 'X-A': 'a' } },
  { cookies: 'a=1' },
])('%p is malformed', (metadata) => {
  expect(() => decodeStreamMetadata(metadata)).toThrow(expect.objectContaining({ code: 'MALFORMED_RESULT' }));
});
