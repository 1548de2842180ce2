import { createHash, createHmac } from 'node:crypto';
import type { RecordedInvocation } from '../../support/lambda-endpoint';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Recalculates a request's signature from its bytes, as the service does, with nothing of the SDK.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @returns what the signature says of itself, and whether it is the right one
 */
export function verifySignature(invocation: RecordedInvocation, secretAccessKey: string) {
  const authorization = invocation.headers.authorization ?? '';
  const [, accessKeyId, day, region, service, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  const time = String(invocation.headers['x-amz-date']);
  const signedNames = (names ?? '').split(';');
  const headers = signedNames.map((name) => `${name}:${String(invocation.headers[name]).trim()}\n`).join('');
  // Lambda's path is encoded once more, as for every service but S3.
  const path = invocation.path.split('/').map(encode).join('/');
  const query = [...invocation.query].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const bodyHash = sha256(invocation.body);
  const canonical = [invocation.method, path, query.join('&'), headers, names, bodyHash].join('\n');
  const scope = [day, region, service, 'aws4_request'];
  const key = scope.map(String).reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const expected = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')).toString('hex');
  return { isValid: signature === expected && time.startsWith(String(day)), accessKeyId, region, service, signedNames };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
