import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';
import { serializeBody } from '../../../src/http/serialize-body';

const FORM = 'application/x-www-form-urlencoded';

test.each<[body: unknown, contentType: string | undefined, text: string]>([
  [undefined, undefined, ''],
  [null, 'application/json', ''],
  ['', 'application/json', ''],
  ['{"a": 1}', 'application/json', '{"a": 1}'],
  ['grüße', undefined, 'grüße'],
  [{ a: 1, b: [true, null] }, 'application/json', '{"a":1,"b":[true,null]}'],
  [[], 'application/json; charset=utf-8', '[]'],
  [0, 'Application/JSON', '0'],
  [false, 'application/json', 'false'],
  [{ a: 'ä' }, 'application/vnd.api+json', '{"a":"ä"}'],
  [{}, FORM, ''],
  [{ a: '1', b: 'x y&z' }, FORM, 'a=1&b=x%20y%26z'],
  [{ a: ['1', '2'] }, `${FORM}; charset=utf-8`, 'a=1&a=2'],
  [{ a: { b: '1' } }, FORM, 'a%5Bb%5D=1'],
])('%p of type %p is %p', (body, contentType, text) => {
  expect(serializeBody(body, contentType).toString()).toBe(text);
});

test('bytes are handed on as they are, whatever the type', () => {
  const bytes = Buffer.from([0, 255, 128]);
  expect(serializeBody(bytes, 'application/json')).toBe(bytes);
});

test.each([undefined, '', 'text/plain', 'multipart/form-data; boundary=x', 'application/jsonx', 'json'])(
  'an object of type %p cannot be restored',
  (contentType) => {
    let thrown: unknown;
    try {
      serializeBody({ a: 1 }, contentType);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(LambdaProxyError);
    expect(thrown).toMatchObject({ code: 'INTERNAL' });
  },
);
