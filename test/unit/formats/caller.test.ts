import { describeCaller } from '../../../src/formats/caller';
import { v1 } from '../../../src/formats/v1';
import { v2 } from '../../../src/formats/v2';
import { formatOptions, gatewayRequest } from './request';

const USER = {
  type: 'user',
  isActive: true,
  username: 'ann',
  id: 'u1',
  firstname: 'Ann',
  lastname: 'Lee',
  email: 'ann@example.com',
  createdAt: 'Mon Jan 01 2024',
  updatedAt: 'Tue Jan 02 2024',
};
const APPLICATION = {
  type: 'application',
  isActive: true,
  id: 'a1',
  userId: 'u1',
  name: 'shop',
  redirectUri: 'https://shop.example/cb',
  createdAt: 'Mon Jan 01 2024',
  updatedAt: 'Tue Jan 02 2024',
};
const USER_FIELDS = {
  type: 'user',
  id: 'u1',
  username: 'ann',
  firstname: 'Ann',
  lastname: 'Lee',
  email: 'ann@example.com',
};
const APPLICATION_FIELDS = { type: 'application', id: 'a1', userId: 'u1', name: 'shop' };

/** What each of the host's authentication policies leaves behind. */
test.each<[policy: string, consumer: unknown, caller: unknown]>([
  [
    'key-auth or basic-auth, user',
    { ...USER, authorizedScopes: ['read', 'write'] },
    {
      principalId: 'u1',
      fields: { ...USER_FIELDS, scopes: 'read write' },
      claims: undefined,
      scopes: ['read', 'write'],
    },
  ],
  [
    'key-auth, application',
    { ...APPLICATION, authorizedScopes: [] },
    { principalId: 'a1', fields: { ...APPLICATION_FIELDS, scopes: '' }, claims: undefined, scopes: [] },
  ],
  ['jwt, user', USER, { principalId: 'u1', fields: USER_FIELDS, claims: undefined, scopes: undefined }],
  [
    'jwt, application',
    APPLICATION,
    { principalId: 'a1', fields: APPLICATION_FIELDS, claims: undefined, scopes: undefined },
  ],
  [
    'jwt without a look at the credential: raw claims',
    { sub: 'auth0|1', iss: 'https://idp.example/', aud: ['x', 'y'], exp: 1700000000, admin: false, scope: 'a b' },
    {
      principalId: 'auth0|1',
      fields: {},
      claims: {
        sub: 'auth0|1',
        iss: 'https://idp.example/',
        aud: '[x y]',
        exp: '1700000000',
        admin: 'false',
        scope: 'a b',
      },
      scopes: ['a', 'b'],
    },
  ],
  [
    'oauth2, opaque token',
    { ...APPLICATION, token: { id: 'half-of-the-token', consumerId: 'a1', scopes: ['read'] } },
    { principalId: 'a1', fields: APPLICATION_FIELDS, claims: undefined, scopes: undefined },
  ],
  [
    'oauth2, password grant',
    { ...APPLICATION, token: { id: 'half-of-the-token', authenticatedUser: { id: 'u1', username: 'ann' } } },
    { principalId: 'a1', fields: APPLICATION_FIELDS, claims: undefined, scopes: undefined },
  ],
  [
    'oauth2-introspect',
    { active: true, client_id: 'c1', scope: ' read  write ', exp: 1700000000, username: 'ann' },
    {
      principalId: 'c1',
      fields: {},
      claims: { active: 'true', client_id: 'c1', scope: ' read  write ', exp: '1700000000', username: 'ann' },
      scopes: ['read', 'write'],
    },
  ],
  ['none', undefined, undefined],
  ['a policy that left nothing', null, undefined],
  ['a policy that left a text', 'ann', undefined],
])('%s', (_policy, consumer, caller) => {
  expect(describeCaller(consumer)).toEqual(caller);
});

test.each<[consumer: Readonly<Record<string, unknown>>, principalId: string]>([
  [{ type: 'user', username: 'ann' }, 'ann'],
  [{ type: 'user', id: '', username: 'ann' }, 'ann'],
  [{ type: 'user', id: 'u1', username: 'ann' }, 'u1'],
  // A token's claims may have a type too.
  [{ type: 'user', id: 'u1', sub: 's1' }, 's1'],
  [{ type: 'application', id: 'a1', iss: 'x' }, 'a1'],
  [{ type: 'application' }, ''],
  [{ sub: 's1', client_id: 'c1', id: 'i1', username: 'ann' }, 's1'],
  [{ client_id: 'c1', id: 'i1', username: 'ann' }, 'c1'],
  [{ id: 'i1', username: 'ann' }, 'i1'],
  [{ username: 'ann' }, 'ann'],
  [{ iss: 'x' }, ''],
])('the principal of %p is %p', (consumer, principalId) => {
  expect(describeCaller(consumer)?.principalId).toBe(principalId);
});

test.each<[claim: unknown, text: string | undefined]>([
  ['', ''],
  ['x', 'x'],
  [0, '0'],
  [true, 'true'],
  [[], '[]'],
  [['a', 1, null, true], '[a 1 true]'],
  [[['a', 'b'], 'c'], '[[a b] c]'],
  [null, undefined],
  [{ nested: 'object' }, undefined],
  [[{ nested: 'object' }, 'a'], '[a]'],
])('the claim %p is handed on as %p', (claim, text) => {
  expect(describeCaller({ claim })?.claims).toEqual(text === undefined ? {} : { claim: text });
});

test('a claim named __proto__ is a name like any other', () => {
  expect(JSON.stringify(describeCaller(JSON.parse('{"__proto__":"x"}'))?.claims)).toBe('{"__proto__":"x"}');
});

const MARK = 'must-not-be-seen';

test.each<[name: string, consumer: unknown]>([
  ['token of a user', { ...USER, token: { id: MARK } }],
  ['token as text', { ...USER, token: MARK }],
  ['hashes of a user', { ...USER, password: MARK, passwordHash: MARK }],
  ['fields of the operator’s own user model', { ...USER, note: MARK, salary: MARK, address: { street: MARK } }],
  ['redirectUri of an application', { ...APPLICATION, redirectUri: MARK }],
  ['objects in a known field', { ...USER, email: { address: MARK } }],
  ['objects among scopes', { ...USER, authorizedScopes: [{ a: MARK }] }],
  ['tokens among claims', { sub: 's1', access_token: MARK, refreshToken: MARK, id_token: [MARK] }],
  ['secrets among claims', { sub: 's1', client_secret: MARK, Password: MARK, at_hash: MARK, credentialId: MARK }],
  ['whole objects among claims', { sub: 's1', cnf: { jwk: MARK }, list: [{ a: MARK }] }],
])('never in an event: %s', (_name, consumer) => {
  for (const format of [v1, v2]) {
    const event = JSON.stringify(format.encode(gatewayRequest({ consumer }), formatOptions()));
    expect(event).toContain('authorizer');
    expect(event).not.toContain(MARK);
  }
});
