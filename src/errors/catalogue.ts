/** How a payload format words its error answers: as API Gateway's REST APIs or as its HTTP APIs. */
export type ErrorDialect = 'rest' | 'http';

interface CatalogueEntry {
  /** Status of the answer. `unhandledStatus` stands for the option of that name. */
  readonly status: number | 'unhandledStatus' | Readonly<Record<ErrorDialect, number>>;
  /** Text for the client, by dialect. It must say nothing about what is behind the gateway. */
  readonly message: Readonly<Record<ErrorDialect, string>>;
  /** Seconds for `Retry-After`, where trying again makes sense. */
  readonly retryAfter?: number;
}

const internal = { rest: 'Internal server error', http: 'Internal Server Error' };
const unavailable = { rest: 'Service Unavailable', http: 'Service Unavailable' };

/**
 * Every way in which a request can fail, and the answer that the client gets.
 *
 * The texts are API Gateway's own, so that a client cannot tell the two apart:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export const catalogue = {
  /** The request's body broke off. */
  BODY_UNREADABLE: { status: 400, message: { rest: 'Bad Request', http: 'Bad Request' } },
  /** A path with dot segments that leads out of the path of `functionUrl`. */
  PATH_REFUSED: { status: 400, message: { rest: 'Bad Request', http: 'Bad Request' } },
  /** The event, or the body on its own, is larger than Lambda takes. */
  REQUEST_TOO_LARGE: { status: 413, message: { rest: 'Request Too Long', http: 'Request Entity Too Large' } },
  /** The client went away. Nobody reads the answer; the status (nginx' own) is for the log. */
  CLIENT_CLOSED: { status: 499, message: { rest: 'Client Closed Request', http: 'Client Closed Request' } },
  /** The function failed: it threw, crashed or ran into its own timeout. */
  FUNCTION_ERROR: { status: 'unhandledStatus', message: internal },
  /** The function's result cannot become an HTTP answer. */
  MALFORMED_RESULT: { status: { rest: 502, http: 500 }, message: internal },
  /** Lambda knows no such function, version or alias. */
  FUNCTION_NOT_FOUND: { status: 500, message: internal },
  /** Lambda does not let these credentials invoke the function. */
  ACCESS_DENIED: { status: 500, message: internal },
  /** There are no credentials, or they could not be fetched. */
  CREDENTIALS: { status: 500, message: internal },
  /** Lambda refused the call for another reason, or failed itself. */
  INVOKE_REFUSED: { status: 500, message: internal },
  /** No connection to Lambda, or it broke before the whole answer was there. */
  UPSTREAM_UNAVAILABLE: { status: 500, message: internal },
  /** Lambda's concurrency limits, or those of the account. */
  THROTTLED: { status: 503, message: unavailable, retryAfter: 1 },
  /** Our own limits: `maxConnections` calls are under way and `maxPending` wait. */
  OVERLOADED: { status: 503, message: unavailable, retryAfter: 1 },
  /** Settings or environment that cannot work, which shows with the first request only: no region, for instance. */
  CONFIGURATION: { status: 500, message: internal },
  /** Option `timeout` was reached. */
  TIMEOUT: { status: 504, message: { rest: 'Endpoint request timed out', http: 'Endpoint request timed out' } },
  /** Anything else: a fault of this plugin, or of a policy before it. */
  INTERNAL: { status: 500, message: internal },
} as const satisfies Record<string, CatalogueEntry>;

/** Stable name of a failure: stands in the log line and in the README's table. */
export type ErrorCode = keyof typeof catalogue;

/** The catalogue's entry for a code, widened so that optional fields can be read. */
export function catalogueEntry(code: ErrorCode): CatalogueEntry {
  return catalogue[code];
}
