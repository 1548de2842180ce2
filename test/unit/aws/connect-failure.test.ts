import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { isCertificateFailure, isProxyFailure, isUnsent } from '../../../src/aws/connect-failure';
import { unusedPort } from '../../support/lambda-endpoint';

const error = (code: string, fields: object = {}): Error => Object.assign(new Error(code), { code, ...fields });

test.each<[name: string, thrown: unknown, unsent: boolean]>([
  ['a refused connection', error('ECONNREFUSED', { syscall: 'connect' }), true],
  ['a host that cannot be reached', error('EHOSTUNREACH', { syscall: 'connect' }), true],
  ['a network that cannot be reached', error('ENETUNREACH', { syscall: 'connect' }), true],
  ['a host that can no longer be reached, while reading', error('EHOSTUNREACH', { syscall: 'read' }), false],
  ['a network that can no longer be reached, while writing', error('ENETUNREACH', { syscall: 'write' }), false],
  ['ENOTFOUND', error('ENOTFOUND'), true],
  ['EAI_AGAIN', error('EAI_AGAIN'), true],
  ['UND_ERR_CONNECT_TIMEOUT', error('UND_ERR_CONNECT_TIMEOUT'), true],
  ['whatever fails in connect', error('ETIMEDOUT', { syscall: 'connect' }), true],
  [
    'every address of a name',
    new AggregateError(['ECONNREFUSED', 'ENETUNREACH'].map((code) => error(code, { syscall: 'connect' }))),
    true,
  ],
  [
    'one address of a name got further',
    new AggregateError([error('ECONNREFUSED', { syscall: 'connect' }), error('ECONNRESET')]),
    false,
  ],
  ['addresses, and none tried', new AggregateError([]), false],
  ['a reset while reading', error('ECONNRESET', { syscall: 'read' }), false],
  ['a timeout while reading', error('ETIMEDOUT', { syscall: 'read' }), false],
  ['an answer that did not come', error('UND_ERR_HEADERS_TIMEOUT'), false],
  ['a connection that closed', error('UND_ERR_SOCKET'), false],
  ['an error without a code', new Error('odd'), false],
  ['undefined', undefined, false],
  ['null', null, false],
  ['a text', 'ECONNREFUSED', false],
])('whether a byte was sent: %s', (_name, thrown, unsent) => {
  expect(isUnsent(thrown)).toBe(unsent);
});

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
  ['SELF_SIGNED_CERT_IN_CHAIN', true],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
  ['CERT_HAS_EXPIRED', true],
  ['CRL_HAS_EXPIRED', true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', true],
  ['ERR_SSL_WRONG_VERSION_NUMBER', true],
  ['ECONNRESET', false],
  ['ERR_STREAM_PREMATURE_CLOSE', false],
])('whether the certificate is at fault: %s %p', (code, isCertificate) => {
  expect(isCertificateFailure(error(code))).toBe(isCertificate);
});

test.each<[name: string, thrown: unknown, isProxy: boolean]>([
  [
    'a proxy that refuses',
    error('UND_ERR_ABORTED', { message: 'Proxy response (407) !== 200 when HTTP Tunneling' }),
    true,
  ],
  ['an abort of our own', error('UND_ERR_ABORTED', { message: 'The operation was aborted' }), false],
  ['a text', 'Proxy response', false],
])('whether the proxy is at fault: %s', (_name, thrown, isProxy) => {
  expect(isProxyFailure(thrown)).toBe(isProxy);
});

describe('as undici throws it', () => {
  const agent = new Agent();
  afterAll(() => agent.close());

  const failureOf = (url: string): Promise<unknown> =>
    request(url, { dispatcher: agent }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );

  test.each(['127.0.0.1', 'localhost'])('a port of %s where nobody listens', async (host) => {
    expect(isUnsent(await failureOf(`http://${host}:${await unusedPort()}`))).toBe(true);
  });

  test('a connection that was accepted and closed', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const thrown = await failureOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(thrown).toBeInstanceOf(Error);
    server.close();
  });
});
