import { traceHeader } from '../aws/trace-header';
import { forwardedHeaders, headerField } from '../http/forwarded-headers';
import type { HeaderField, RequestHead } from '../http/gateway-request';
import { hopByHopNames } from '../http/hop-by-hop';

export interface OutgoingHeaderOptions {
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly apiKey: string | undefined;
  /** Name under which a client's `Authorization` goes on when the gateway has its own. */
  readonly forwardAuthorizationAs: string | undefined;
}

/**
 * What is for the gateway itself, or said anew for the next connection. Node has answered `Expect` by the time a body is
 * read; the length is that of the body as it is sent.
 */
const FOR_THE_GATEWAY = ['host', 'content-length', 'expect', 'proxy-authorization'] as const;

/**
 * Headers that AWS reads as part of a signature, or sets itself. A client's own would be taken for the gateway's, or have
 * the request refused.
 */
const RESERVED_WHEN_SIGNED = /^(?:authorization$|x-amz-|x-amzn-)/;

/** The headers of a request that goes on to an HTTP endpoint: the client's own, in its spelling, and those of a proxy. */
export function outgoingHeaders(request: RequestHead, options: OutgoingHeaderOptions): readonly HeaderField[] {
  const added = addedHeaders(request, options);
  const dropped = new Set([
    ...hopByHopNames([]),
    ...FOR_THE_GATEWAY,
    'x-amzn-trace-id',
    options.forwardAuthorizationAs?.toLowerCase(),
    ...added.map(({ lowerName }) => lowerName),
  ]);
  const named = namedByConnection(request);
  const isReserved = (name: string): boolean => options.authType === 'AWS_IAM' && RESERVED_WHEN_SIGNED.test(name);
  const goesOn = ({ lowerName, isOwn }: HeaderField): boolean =>
    !dropped.has(lowerName) && !isReserved(lowerName) && (isOwn ?? !named.has(lowerName));
  return [...request.headers.filter(goesOn), ...added];
}

/** What a client says is for its connection only. It cannot have the gateway's own left out, who is calling above all. */
function namedByConnection({ headers }: RequestHead): ReadonlySet<string> {
  return hopByHopNames(headers.find(({ lowerName }) => lowerName === 'connection')?.values ?? []);
}

function addedHeaders(
  request: RequestHead,
  { apiKey, forwardAuthorizationAs }: OutgoingHeaderOptions,
): readonly HeaderField[] {
  const authorization = request.headers.find(({ lowerName }) => lowerName === 'authorization');
  return [
    ...Object.entries(traceHeader(request.traceId)).map(([name, value]) => headerField(name, value)),
    ...forwardedHeaders(request),
    ...(request.client.host === '' ? [] : [headerField('X-Forwarded-Host', request.client.host)]),
    ...(apiKey === undefined ? [] : [headerField('x-api-key', apiKey)]),
    ...(forwardAuthorizationAs === undefined || authorization === undefined
      ? []
      : [{ ...headerField(forwardAuthorizationAs, ''), values: authorization.values }]),
  ];
}
