import { isIdentityRefused } from '../../../src/aws/identity-refused';

const named = (name: string): Error => Object.assign(new Error('no'), { name });

test.each([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
])('%s is mended by new credentials or another clock', (name) => {
  expect(isIdentityRefused(named(name))).toBe(true);
});

test.each<[name: string, thrown: unknown]>([
  ['a permission that is missing', named('AccessDeniedException')],
  ['a key of KMS', named('KMSAccessDeniedException')],
  ['a service error', named('ServiceException')],
  ['an error without a name of its own', new Error('ExpiredToken')],
  ['what is no error', { name: 'ExpiredToken' }],
  ['nothing', undefined],
])('%s is not', (_name, thrown) => {
  expect(isIdentityRefused(thrown)).toBe(false);
});
