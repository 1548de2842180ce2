import { endpointUrl, headerName } from '../../../src/options/aws-kinds';

test.each([
  'https://abc.lambda-url.eu-west-1.on.aws',
  'https://abc.lambda-url.eu-west-1.on.aws/',
  'https://a1b2.execute-api.us-east-1.amazonaws.com/prod/users?x=1&y=%20',
  "http://localhost:9000/~a/b;c=1,(d)!$'*@e",
  'http://[::1]:9000/',
  'https://api.example.com/null',
])('%s is a URL to forward to', (url) => {
  expect(endpointUrl().read(url)).toBe(url);
});

test.each([
  '',
  'null',
  null,
  7,
  'api.example.com/prod',
  'ftp://api.example.com',
  'https://',
  'https://ann@api.example.com',
  'https://ann:secret@api.example.com',
  'https://api.example.com/#top',
  'https://api.example.com/{proxy+}',
  'https://api.example.com/${x}',
  'https://<url-id>.lambda-url.eu-west-1.on.aws',
  'https://null.lambda-url.eu-west-1.on.aws',
  'https://abc.lambda-url.null.on.aws',
  'https://api.example.com/a b',
  'https://api.example.com\\@elsewhere.example',
  'https://api.example.com/\r\nX: 1',
  'https://\u00e9.example',
])('%j is none', (url) => {
  expect(endpointUrl().read(url)).toBeUndefined();
  expect(endpointUrl().fault?.(url)).toMatch(/^is (?:empty \(|not such a URL$)/);
});

test.each(['X-Authorization', 'x-client-token', 'X-A'])('%s may carry an Authorization', (name) => {
  expect(headerName().read(name)).toBe(name);
});

test.each([
  'Authorization',
  'Host',
  'Content-Length',
  'X-Amz-Date',
  'x-amzn-trace-id',
  'X-Api-Key',
  'X-Forwarded-For',
  'X A',
  'X-',
  '',
])('%j may not', (name) => {
  expect(headerName().read(name)).toBeUndefined();
});
