import { createHmac, randomBytes } from 'node:crypto';
import { HmacSha256 } from '../../../src/aws/hmac-sha256';

test.each([
  // RFC 4231, test cases 1 and 2.
  ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  ['4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
])('the key %s and "%s"', (key, message, expected) => {
  expect(new HmacSha256(Buffer.from(key, 'hex')).hex(message)).toBe(expected);
});

test('the same as that of Node, for keys of every length and messages of many, one after the other', () => {
  for (let length = 0; length <= 64; length += 1) {
    const key = randomBytes(length);
    const hmac = new HmacSha256(key);
    for (const message of ['', 'é', 'x'.repeat(length), 'y'.repeat(5_000)]) {
      expect(hmac.hex(message)).toBe(createHmac('sha256', key).update(message).digest('hex'));
    }
  }
});
