import { eventBody, isTextBody } from '../../../src/formats/event-body';
import { gatewayRequest, headers } from './request';

const withType = (type: string | undefined, more: Readonly<Record<string, string>> = {}) =>
  headers({ ...(type === undefined ? {} : { 'Content-Type': type }), ...more });

test.each([
  [undefined, true],
  ['', true],
  ['text/plain', true],
  ['TEXT/HTML; charset=iso-8859-1', true],
  ['text/x-anything', true],
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['application/problem+json', true],
  ['application/atom+xml', true],
  ['image/svg+xml', true],
  ['application/xml', true],
  ['application/javascript', true],
  ['application/x-javascript', true],
  ['application/ecmascript', true],
  ['application/x-www-form-urlencoded', true],
  ['multipart/form-data; boundary=x', true],
  ['multipart/mixed; boundary=x', false],
  ['application/octet-stream', false],
  ['application/jsonp', false],
  ['application/json-seq', false],
  ['application/x-ndjson', false],
  ['application/vnd.json+zip', false],
  ['xtext/plain', false],
  ['image/png', false],
  ['nonsense', false],
])('a body of type %p is text: %p', (type, isText) => {
  const request = gatewayRequest({ headers: withType(type) });
  expect(isTextBody(type, request)).toBe(isText);
  expect(isTextBody(type, { ...request, headers: withType(type, { 'Content-Encoding': 'gzip' }) })).toBe(false);
});

const always = (): boolean => true;
const never = (): boolean => false;

test.each<[hex: string, isText: () => boolean, body: string, isBase64Encoded: boolean]>([
  ['6869', always, 'hi', false],
  ['6869', never, 'aGk=', true],
  ['c3a4', always, 'ä', false],
  ['00', always, '\0', false],
  ['efbbbf7b7d', always, '\ufeff{}', false],
  ['ff', always, '/w==', true],
  ['c3', always, 'ww==', true],
  ['eda080', always, '7aCA', true],
  ['c080', always, 'wIA=', true],
  ['c3a4', never, 'w6Q=', true],
])('the bytes %s: text where that loses nothing', (hex, isText, body, isBase64Encoded) => {
  const request = gatewayRequest({ body: Buffer.from(hex, 'hex'), headers: withType('text/plain') });
  const event = eventBody(request, [], isText);
  expect(event).toEqual({ body, isBase64Encoded });
  expect(Buffer.from(event.body, isBase64Encoded ? 'base64' : 'utf8').toString('hex')).toBe(hex);
});

test.each<[type: string | undefined, ranges: readonly string[], isBase64Encoded: boolean]>([
  ['text/plain', ['text/plain'], true],
  ['Text/Plain; charset=utf-8', ['text/*'], true],
  ['text/plain', ['*/*'], true],
  ['text/plain', ['image/*'], false],
  // No type is no type of the list.
  [undefined, ['*/*'], false],
])('a body of type %p where %p are binary is base64: %p', (type, ranges, isBase64Encoded) => {
  const request = gatewayRequest({ body: Buffer.from('hi'), headers: withType(type) });
  expect(eventBody(request, ranges, always).isBase64Encoded).toBe(isBase64Encoded);
});

test('the type is that of the last line', () => {
  const field = { name: 'Content-Type', lowerName: 'content-type', values: ['text/plain', 'image/png'] };
  const seen: unknown[] = [];
  eventBody(gatewayRequest({ headers: [field] }), [], (type) => seen.push(type) > 0);
  expect(seen).toEqual(['image/png']);
});
