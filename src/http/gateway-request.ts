import type { ApiEndpoint } from '../host/express-gateway';

/** One header of the request, repeated lines kept apart. */
export interface HeaderField {
  /** As the client spelled it the first time. */
  readonly name: string;
  readonly lowerName: string;
  readonly values: readonly string[];
}

/** The route that matched, and what it captured. */
export interface MatchedRoute {
  /** The endpoint's path as Express has it: a pattern, a regular expression, or `*` for an endpoint without a path. */
  readonly pattern: string | RegExp;
  /** The same in API Gateway's syntax: `/users/{id}/{proxy+}`. */
  readonly resource: string;
  /** Captured parts of the path, percent-encoded as received. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Express' own `req.params`: decoded, stars numbered. */
  readonly expressParams: Readonly<Record<string, string>>;
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
}

/**
 * An HTTP request as a value, free of Express: what payload formats and upstreams work on.
 */
export interface GatewayRequest {
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
  readonly body: Buffer;
  readonly route: MatchedRoute;
  readonly client: Client;
  readonly receivedAt: Date;
  readonly apiEndpoint: ApiEndpoint;
  /** What an authentication policy found about the caller, as it left it. */
  readonly consumer: unknown;
  /** What earlier policies put into `egContext.lambda`. */
  readonly lambdaContext: unknown;
}

/** The last value of a header, or undefined. */
export function headerValue(request: Pick<GatewayRequest, 'headers'>, lowerName: string): string | undefined {
  return request.headers.find((field) => field.lowerName === lowerName)?.values.at(-1);
}
