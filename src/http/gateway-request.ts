import type { ApiEndpoint } from '../host/express-gateway';
import type { RouteParams, RoutePattern } from '../host/host-context';
import type { IncomingBody } from './incoming-body';

/** One header of the request, repeated lines kept apart. */
export interface HeaderField {
  /** As the client spelled it the first time. */
  readonly name: string;
  readonly lowerName: string;
  readonly values: readonly string[];
  /** The gateway's word, not the client's: an earlier policy added it, or gave it another value. */
  readonly isOwn?: true;
}

/** The route that matched, and what it captured. */
export interface MatchedRoute {
  /** The endpoint's path as Express has it: a pattern, a regular expression, or `*` for an endpoint without a path. */
  readonly pattern: RoutePattern;
  /** The same in API Gateway's syntax: `/users/{id}/{proxy+}`. */
  readonly resource: string;
  /** Captured parts of the path, percent-encoded as received. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Express' own `req.params`: decoded, stars numbered. */
  readonly expressParams: RouteParams;
}

/** Where the request came from. */
export interface Client {
  /** The other end of the connection. */
  readonly peerAddress: string;
  /** The client as far as Express' `trust proxy` lets us see it. */
  readonly sourceIp: string;
  /** `http` or `https`, by the same rule. */
  readonly protocol: string;
  /** Port that the client connected to, by the same rule. */
  readonly port: string;
  /** Host that the client asked for, with its port where it sent one, by the same rule. */
  readonly host: string;
}

/** Everything of an HTTP request but its body, as a value, free of Express. */
export interface RequestHead {
  /** The gateway's own request id, so that its log and the function's meet. */
  readonly id: string;
  /** `X-Amzn-Trace-Id`: the client's, or one made here. */
  readonly traceId: string;
  readonly method: string;
  /** Percent-encoded as received, without the query; after `ignorePath` and `stripPath`. Begins with `/`. */
  readonly path: string;
  /** As received, without `?`; empty when there is none. */
  readonly rawQuery: string;
  readonly httpVersion: string;
  readonly headers: readonly HeaderField[];
  readonly route: MatchedRoute;
  readonly client: Client;
  readonly receivedAt: Date;
  readonly apiEndpoint: ApiEndpoint;
  /** What an authentication policy found about the caller, as it left it. */
  readonly consumer: unknown;
  /** What earlier policies put into `egContext.lambda`. */
  readonly lambdaContext: unknown;
}

/** A request as it arrives: each upstream reads its body in the way that it needs. */
export interface ReceivedRequest extends RequestHead {
  readonly body: IncomingBody;
}

/** A request whose body is all there: what payload formats work on. */
export interface GatewayRequest extends RequestHead {
  readonly body: Buffer;
}

/** The last value of a header, or undefined. */
export function headerValue(request: Pick<RequestHead, 'headers'>, lowerName: string): string | undefined {
  return request.headers.find((field) => field.lowerName === lowerName)?.values.at(-1);
}
