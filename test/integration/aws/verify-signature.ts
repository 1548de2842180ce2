import { createHash, createHmac } from 'node:crypto';

/** A request as it stood on the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Recalculates a request's signature from its bytes, as the service does, with nothing of the SDK and nothing of ours.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @param plus what `+` in a query means to this verifier: nobody has written it down
 * @returns what the signature says of itself, and whether it is the right one
 */
export function verifySignature(request: WireRequest, secretAccessKey: string, plus: ' ' | '+' = ' ') {
  const values = (name: string): string[] =>
    request.rawHeaders.filter((_value, i) => i % 2 === 1 && request.rawHeaders[i - 1]?.toLowerCase() === name);
  const [, accessKeyId, day, region, service, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      values('authorization').join(),
    ) ?? [];
  const time = values('x-amz-date').join();
  const signedNames = (names ?? '').split(';');
  const headers = signedNames.map((name) => `${name}:${values(name).map(collapse).join(',')}\n`).join('');
  const [path = '', query = ''] = request.url.split(/\?(.*)/s);
  const bodyHash = sha256(request.body);
  const canonical = [request.method, canonicalPath(path), canonicalQuery(query, plus), headers, names, bodyHash];
  const scope = [day, region, service, 'aws4_request'];
  const key = scope.map(String).reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical.join('\n'))];
  const isValid =
    signature === hmac(key, toSign.join('\n')).toString('hex') &&
    time.startsWith(String(day)) &&
    values('x-amz-content-sha256').every((hash) => hash === bodyHash) &&
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
    signedNames.includes('host') &&
    request.rawHeaders.every(
      (name, i) => i % 2 === 1 || !/^x-amz-/i.test(name) || signedNames.includes(name.toLowerCase()),
    );
  return { isValid, accessKeyId, region, service, signedNames };
}

const collapse = (value: string): string => value.trim().replace(/ +/g, ' ');

/** As for every service but S3: without empty and dot segments (RFC 3986, section 6), and encoded once more. */
function canonicalPath(path: string): string {
  const segments = path.split('/').slice(1);
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const trailing = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.map((segment) => encode(Buffer.from(segment, 'latin1'))).join('/')}${trailing}`;
}

/** Each name and value decoded, encoded by the one rule, and sorted as bytes. */
function canonicalQuery(query: string, plus: string): string {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return pairs
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return [encode(decode(name, plus)), encode(decode(value, plus))] as const;
    })
    .sort(
      ([a, x], [b, y]) =>
        Buffer.compare(Buffer.from(a), Buffer.from(b)) || Buffer.compare(Buffer.from(x), Buffer.from(y)),
    )
    .map((pair) => pair.join('='))
    .join('&');
}

function decode(text: string, plus: string): Buffer {
  const bytes = text
    .replaceAll('+', plus)
    .replace(/%([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

/** Everything but the unreserved characters, byte by byte. */
function encode(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => [byte, String.fromCharCode(byte)] as const)
    .map(([byte, character]) =>
      /[A-Za-z0-9_.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
