'use strict';

/**
 * Prints a token with the given claims, as an issuer of tokens would make it (RFC 7515, HS256):
 * `node examples/auth/sign.js '{"sub":"demo-token"}'`.
 */
const { createHmac } = require('node:crypto');

const secret = process.env.JWT_SECRET ?? 'only-for-this-example';
const base64url = (text) => Buffer.from(text).toString('base64url');
const signed = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(process.argv[2])}`;
console.log(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`);
