import { isLocalEndpoint } from '../../../src/aws/loopback';

test.each([
  ['http://localhost:3000', true],
  ['http://LOCALHOST', true],
  ['http://127.0.0.1', true],
  ['http://127.1', true],
  ['http://127.255.255.254', true],
  ['http://0x7f.0.0.1', true],
  ['http://[::1]:3000', true],
  ['http://[0:0:0:0:0:0:0:1]', true],
  ['https://localhost', false],
  ['https://127.0.0.1:3000', false],
  ['http://127.0.0.1.example.com', false],
  ['http://localhost.example.com', false],
  ['http://notlocalhost', false],
  ['http://128.0.0.1', false],
  ['http://10.127.0.0', false],
  ['http://0.0.0.0', false],
  ['http://[::]', false],
  ['http://169.254.169.254', false],
  ['http://host.docker.internal', false],
])('%s is on this machine: %p', (url, isLocal) => {
  expect(isLocalEndpoint(url)).toBe(isLocal);
});
