'use strict';

/* global Response */

const { createHash } = require('node:crypto');
const { gzipSync } = require('node:zlib');

/** What the apps of all frameworks answer with, so that they differ in nothing but the framework. */
module.exports = {
  text: 'Grüße, 世界 🚀\n',
  html: '<!doctype html><p>Grüße &amp; 世界</p>',
  json: { text: 'Grüße, 世界 🚀', list: [1, 2.5, -0.1, true, null], nested: { 'key with "quotes"': '\u0000\u2028' } },
  /** Every byte there is, behind the signature of a PNG file. */
  png: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(Array.from({ length: 256 }, (_, i) => i))]),
  gzip: gzipSync('compressed '.repeat(50)),
  cookies: ['session=abc123; Path=/; HttpOnly', 'theme=dark; Path=/; Secure; SameSite=Lax', 'empty=; Max-Age=0'],
  expiringCookie: 'until=tomorrow; Path=/; Expires=Wed, 21 Oct 2037 07:28:00 GMT',
  customHeaders: {
    'X-MiXed-CaSe': 'one, two; three="four, five"',
    'Cache-Control': 'private, max-age=60',
    ETag: 'W/"abc"',
    Link: '</next?page=2>; rel="next", </last>; rel="last"',
    'Content-Disposition': `attachment; filename="a b.txt"; filename*=UTF-8''%E4%B8%96.txt`,
    'WWW-Authenticate': 'Basic realm="a, b"',
    Vary: 'Accept, Accept-Encoding',
  },

  /**
   * What a multipart form held.
   *
   * @param {FormData} form
   */
  async describeForm(form) {
    const entries = [...form].map(async ([name, value]) => {
      if (typeof value === 'string') return { name, value };
      const bytes = Buffer.from(await value.arrayBuffer());
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { name, file: value.name, type: value.type, size: bytes.length, sha256 };
    });
    return Promise.all(entries);
  },

  /**
   * A multipart body that a framework has left as it was.
   *
   * @param {Buffer} bytes
   * @param {string | undefined} contentType
   */
  parseMultipart: (bytes, contentType) =>
    new Response(bytes, { headers: { 'content-type': contentType ?? '' } }).formData(),
};
