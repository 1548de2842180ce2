import type { AwsCredentialIdentity, QueryParameterBag } from '@smithy/types';
import { createHmac, hash } from 'node:crypto';
import type { SigningScope } from './signing-scope';

/** Headers that proxies change, or that are there for the connection: the SDK leaves out the same ones. */
const UNSIGNED =
  /^(?:authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

/** What a signature covers. */
export interface SignableRequest {
  readonly method: string;
  /** Percent-encoded, as it is sent. */
  readonly path: string;
  /** Decoded. */
  readonly query: QueryParameterBag;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Signs requests as the SDK's own signer does, in a quarter of its time (measured, see docs/benchmark.md): it hashes in one
 * go, and remembers the key, which holds for a day.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class SigV4Signer {
  readonly #keys = new WeakMap<AwsCredentialIdentity, { readonly scope: string; readonly key: Buffer }>();
  /** The sorted names that are signed, by all names of a request: only few sets of them come up, again and again. */
  readonly #names = new Map<string, readonly string[]>();

  /** @returns the headers that carry the signature; to be sent beside the request's own */
  sign(
    request: SignableRequest,
    identity: AwsCredentialIdentity,
    { service, region }: SigningScope,
    at: Date,
  ): Readonly<Record<string, string>> {
    const time = timestamp(at);
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    const bodyHash = sha256(request.body);
    const added: Record<string, string> = { 'x-amz-date': time, 'x-amz-content-sha256': bodyHash };
    if (identity.sessionToken !== undefined) added['x-amz-security-token'] = identity.sessionToken;
    const headers: Readonly<Record<string, string>> = Object.assign({}, request.headers, added);
    const names = this.#signedNames(headers);
    const signedHeaders = names.join(';');
    const lines = names.map((name) => `${name}:${normalize(headers[name] ?? '')}\n`).join('');
    const canonicalRequest = `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query)}\n${lines}\n${signedHeaders}\n${bodyHash}`;
    const signature = createHmac('sha256', this.#key(identity, scope))
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonicalRequest)}`)
      .digest('hex');
    added.authorization = `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return added;
  }

  #signedNames(headers: Readonly<Record<string, string>>): readonly string[] {
    const all = Object.keys(headers);
    const key = all.join();
    const known = this.#names.get(key);
    if (known) return known;
    const names = all.filter((name) => !UNSIGNED.test(name)).sort();
    this.#names.set(key, names);
    return names;
  }

  #key(identity: AwsCredentialIdentity, scope: string): Buffer {
    const known = this.#keys.get(identity);
    if (known?.scope === scope) return known.key;
    const key = scope.split('/').reduce((secret: string | Buffer, part) => {
      return createHmac('sha256', secret).update(part).digest();
    }, `AWS4${identity.secretAccessKey}`) as Buffer;
    this.#keys.set(identity, { scope, key });
    return key;
  }
}

/** `20261121T064500Z`. */
function timestamp(date: Date): string {
  const iso = date.toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}

function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

const WHITE_SPACE = /^\s|\s{2}|[^\S ]|\s$/;

function normalize(value: string): string {
  return WHITE_SPACE.test(value) ? value.trim().replace(/\s+/g, ' ') : value;
}

/** Every service but S3 wants the path encoded once more, and without empty and dot segments. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** The query as it is signed, which is also a good way to send it. */
export function canonicalQuery(query: QueryParameterBag): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((single) => [encode(name), encode(single)] as const),
  );
  return pairs
    .sort(([nameA, valueA], [nameB, valueB]) => (nameA === nameB ? order(valueA, valueB) : order(nameA, nameB)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
