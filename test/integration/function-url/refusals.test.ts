import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Stack, startStack } from '../../support/stack';
import { verifySignature } from '../aws/verify-signature';
import { forwarding } from './support/routes';
import { type Handler, startUpstream, type Upstream } from './support/upstream';

let dir: string;
let upstream: Upstream;
let stack: Stack;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'aws-'));
  upstream = await startUpstream();
  writeKey('AKIDOLD');
  const signing = { service: 'execute-api', region: 'eu-west-1' };
  stack = await startStack(
    { signed: forwarding(upstream.url, { authType: 'AWS_IAM', signing }), open: forwarding(upstream.url) },
    {
      env: {
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_SHARED_CREDENTIALS_FILE: path.join(dir, 'credentials'),
      },
    },
  );
});
afterEach(async () => {
  await stack.close();
  await upstream.close();
  rmSync(dir, { recursive: true });
});

function writeKey(key: string): void {
  const text = `[default]\naws_access_key_id = ${key}\naws_secret_access_key = secret-of-${key}\n`;
  writeFileSync(path.join(dir, 'credentials'), text);
}

const forbidden =
  (errorType: string, date = new Date().toUTCString()): Handler =>
  (_request, response) =>
    response.writeHead(403, { 'x-amzn-ErrorType': errorType, Date: date }).end('{"message":"refused"}');

const signer = () => verifySignature(upstream.last(), '').accessKeyId;

test.each([
  ['AccessDeniedException', /ACCESS_DENIED status=500 .*these credentials may not call the functionUrl/],
  ['InvalidSignatureException', /CREDENTIALS status=500 .*AWS refuses the signature .*\(InvalidSignatureException\)/],
])('what AWS has against the signature is for the log, and nothing is repeated: %s', async (errorType, line) => {
  upstream.respondWith(forbidden(errorType));
  const response = await stack.request({ target: '/signed' });
  expect([response.statusCode, response.body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect(stack.gateway.log.at(-1)).toMatch(line);
  expect(upstream.calls).toHaveLength(1);
});

test('that AWS lets nobody in without a signature is for the log as well', async () => {
  upstream.respondWith(forbidden('AccessDeniedException'));
  const response = await stack.request({ target: '/open' });
  expect([response.statusCode, response.body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect(stack.gateway.log.at(-1)).toMatch(/ACCESS_DENIED status=500 .*see authType/);
});

test.each(['ForbiddenException', ''])('any other 403 is passed on: the error type %p', async (errorType) => {
  upstream.respondWith(forbidden(errorType));
  const response = await stack.request({ target: '/signed' });
  expect([response.statusCode, response.body.toString()]).toEqual([403, '{"message":"refused"}']);
  expect(upstream.calls).toHaveLength(1);
});

test.each([
  ['ExpiredTokenException', 'AKIDNEW'],
  ['UnrecognizedClientException:http://internal.amazon.com/coral/', 'AKIDNEW'],
  ['AccessDeniedException', 'AKIDOLD'],
])('after %s the next request is signed with %s', async (errorType, expected) => {
  upstream.respondWith(forbidden(errorType));
  await stack.request({ target: '/signed' });
  expect(signer()).toBe('AKIDOLD');
  writeKey('AKIDNEW');
  await stack.request({ target: '/signed' });
  expect(upstream.calls).toHaveLength(2);
  expect(signer()).toBe(expected);
});

test('a time that no calendar has sets no clock', async () => {
  upstream.respondWith(forbidden('InvalidSignatureException', 'Sat, 13 Sep 275760 00:00:00 GMT'));
  await stack.request({ target: '/signed' });
  upstream.reset();
  expect((await stack.request({ target: '/signed' })).statusCode).toBe(200);
});

test('a clock that is wrong is set by the refusal', async () => {
  const ahead = new Date(Date.now() + 86_400_000);
  upstream.respondWith(forbidden('InvalidSignatureException', ahead.toUTCString()));
  await stack.request({ target: '/signed' });
  await stack.request({ target: '/signed' });
  const [before, after] = upstream.calls.map((call) => call.all('x-amz-date').join().slice(0, 8));
  expect(after).toBe(ahead.toISOString().slice(0, 10).replaceAll('-', ''));
  expect(before).not.toBe(after);
});
