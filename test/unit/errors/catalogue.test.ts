import type { ErrorCode, ErrorDialect } from '../../../src/errors/catalogue';
import { catalogue } from '../../../src/errors/catalogue';
import { errorResponse, errorStatus } from '../../../src/errors/error-response';
import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string;
}

const UNHANDLED = 555;
const internal: Record<ErrorDialect, Answer> = {
  rest: { status: 500, body: '{"message": "Internal server error"}' },
  http: { status: 500, body: '{"message":"Internal Server Error"}' },
};
const unavailable: Record<ErrorDialect, Answer> = {
  rest: { status: 503, body: '{"message": "Service Unavailable"}', retryAfter: '1' },
  http: { status: 503, body: '{"message":"Service Unavailable"}', retryAfter: '1' },
};

/** What a client gets, by code. A code that stands nowhere does not compile. */
const answers: Record<ErrorCode, Record<ErrorDialect, Answer>> = {
  BODY_UNREADABLE: {
    rest: { status: 400, body: '{"message": "Bad Request"}' },
    http: { status: 400, body: '{"message":"Bad Request"}' },
  },
  PATH_REFUSED: {
    rest: { status: 400, body: '{"message": "Bad Request"}' },
    http: { status: 400, body: '{"message":"Bad Request"}' },
  },
  REQUEST_TOO_LARGE: {
    rest: { status: 413, body: '{"message": "Request Too Long"}' },
    http: { status: 413, body: '{"message":"Request Entity Too Large"}' },
  },
  CLIENT_CLOSED: {
    rest: { status: 499, body: '{"message": "Client Closed Request"}' },
    http: { status: 499, body: '{"message":"Client Closed Request"}' },
  },
  FUNCTION_ERROR: {
    rest: { ...internal.rest, status: UNHANDLED },
    http: { ...internal.http, status: UNHANDLED },
  },
  MALFORMED_RESULT: { rest: { ...internal.rest, status: 502 }, http: internal.http },
  FUNCTION_NOT_FOUND: internal,
  ACCESS_DENIED: internal,
  CREDENTIALS: internal,
  INVOKE_REFUSED: internal,
  UPSTREAM_UNAVAILABLE: internal,
  THROTTLED: unavailable,
  OVERLOADED: unavailable,
  CONFIGURATION: internal,
  TIMEOUT: {
    rest: { status: 504, body: '{"message": "Endpoint request timed out"}' },
    http: { status: 504, body: '{"message":"Endpoint request timed out"}' },
  },
  INTERNAL: internal,
};

const DETAIL = 'arn:aws:lambda:eu-west-1:123456789012:function:secret';
const rows = (Object.keys(catalogue) as ErrorCode[]).flatMap((code) =>
  (['rest', 'http'] as const).map((dialect) => ({ code, dialect, answer: answers[code][dialect] })),
);

test.each(rows)('$code, as $dialect: $answer.status $answer.body', ({ code, dialect, answer }) => {
  const error = new LambdaProxyError(code, DETAIL, { cause: new Error(DETAIL) });
  const { status, headers, body } = errorResponse(error, dialect, UNHANDLED);
  expect(errorStatus(error, dialect, UNHANDLED)).toBe(answer.status);
  expect({ status, body }).toEqual({ status: answer.status, body: Buffer.from(answer.body) });
  expect(headers).toEqual([
    ['Content-Type', ['application/json']],
    ...(dialect === 'rest' && answer.status >= 500 ? [['x-amzn-ErrorType', ['InternalServerErrorException']]] : []),
    ...(answer.retryAfter === undefined ? [] : [['Retry-After', [answer.retryAfter]]]),
  ]);
});

test.each<[unhandledStatus: number, named: boolean]>([
  [200, false],
  [404, false],
  [499, false],
  [500, true],
  [502, true],
])('a function that failed answers %d; an error type is named: %p', (unhandledStatus, named) => {
  const { status, headers } = errorResponse(new LambdaProxyError('FUNCTION_ERROR', ''), 'rest', unhandledStatus);
  expect(status).toBe(unhandledStatus);
  expect(headers.some(([name]) => name === 'x-amzn-ErrorType')).toBe(named);
});
