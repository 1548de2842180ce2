import type { AwsCredentialIdentity, HttpRequest, Provider, QueryParameterBag, RequestSigner } from '@smithy/types';
import { createHmac, hash } from 'node:crypto';

/** Headers that proxies change, or that are there for the connection: the SDK leaves out the same ones. */
const UNSIGNED =
  /^(?:authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

export interface SigningOptions {
  readonly signingDate?: Date;
  /** Where they are not the signer's own. */
  readonly signingRegion?: string;
  readonly signingService?: string;
}

/**
 * Signs requests as the SDK's own signer does, in a tenth of its time (measured, see docs/benchmark.md): it hashes in one
 * go, and remembers the key, which holds for a day.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class SigV4Signer implements RequestSigner {
  readonly #keys = new WeakMap<AwsCredentialIdentity, { readonly scope: string; readonly key: Buffer }>();

  constructor(
    private readonly service: string,
    private readonly region: Provider<string>,
    private readonly credentials: Provider<AwsCredentialIdentity>,
  ) {}

  /** @param request its body in one piece, its path percent-encoded, the values of its query not */
  async sign(request: HttpRequest, options: SigningOptions = {}): Promise<HttpRequest> {
    const identity = await this.credentials();
    const time = timestamp(options.signingDate ?? new Date());
    const region = options.signingRegion ?? (await this.region());
    const scope = `${time.slice(0, 8)}/${region}/${options.signingService ?? this.service}/aws4_request`;
    const bodyHash = sha256((request.body as Uint8Array | undefined) ?? '');
    const headers: Record<string, string> = Object.assign({}, request.headers);
    headers['x-amz-date'] = time;
    headers['x-amz-content-sha256'] = bodyHash;
    if (identity.sessionToken !== undefined) headers['x-amz-security-token'] = identity.sessionToken;
    const [canonicalHeaders, signedHeaders] = canonicalize(headers);
    const canonicalRequest = `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query)}\n${canonicalHeaders}\n${signedHeaders}\n${bodyHash}`;
    const signature = createHmac('sha256', this.#key(identity, scope))
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonicalRequest)}`)
      .digest('hex');
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return Object.assign({}, request, { headers });
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
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** A line for each header that is signed, sorted, and their names. */
function canonicalize(headers: Readonly<Record<string, string>>): readonly [lines: string, names: string] {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const values = new Map(lowerCase.filter(([name]) => !UNSIGNED.test(name)));
  const names = [...values.keys()].sort();
  return [names.map((name) => `${name}:${normalize(values.get(name) ?? '')}\n`).join(''), names.join(';')];
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
export function canonicalQuery(query: QueryParameterBag | undefined): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
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
