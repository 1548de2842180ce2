import type { RawResponse } from '../../support/raw-client';

/** An answer reduced to what must be equal: through the gateway and directly. */
export interface ComparableAnswer {
  readonly status: number;
  /** Lower-case names; one entry per line. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** JSON parsed, text as text, anything else in base64. */
  readonly body: unknown;
  /** Whether the framing was right. */
  readonly complete: boolean;
}

/** Answer headers that cannot or need not be equal, with the reason. */
export const NOT_COMPARED_IN_ANSWERS: Readonly<Record<string, string>> = {
  date: 'the time of the answer',
  connection: "each server's own business with its client",
  'keep-alive': "each server's own business with its client",
  'transfer-encoding': 'framing: the bodies are compared without it',
  'content-length': 'framing: the bodies are compared byte for byte, and the client checks the length',
  'x-amzn-requestid': 'decisions: every answer of the gateway carries it',
  'x-amzn-trace-id': 'API Gateway adds it',
  'x-powered-by': 'Express names itself; Express Gateway does so too',
};

/** Request headers, as `/echo` repeats them, that must differ, with the reason. */
export const NOT_COMPARED_IN_REQUESTS: Readonly<Record<string, string>> = {
  'x-amzn-trace-id': 'API Gateway adds it',
  'x-forwarded-for': 'API Gateway adds it',
  'x-forwarded-port': 'API Gateway adds it',
  'x-forwarded-proto': 'API Gateway adds it',
  'x-aws-lambda-fastify-request': "@fastify/aws-lambda's own bookkeeping (its TOKEN_HEADER)",
  'x-request-id': "@fastify/aws-lambda's own: it copies the event's request id",
  connection: 'API Gateway does not hand it on (recorded)',
  'content-length': 'REST APIs do not hand it on (recorded), and adapters make one of their own',
};

export function comparable(response: RawResponse): ComparableAnswer {
  const names = new Set(response.headers.map(([name]) => name.toLowerCase()));
  const compared = [...names].filter((name) => !Object.hasOwn(NOT_COMPARED_IN_ANSWERS, name)).sort();
  return {
    status: response.statusCode,
    headers: Object.fromEntries(compared.map((name) => [name, response.all(name)])),
    body: readBody(response),
    complete: response.complete,
  };
}

function readBody(response: RawResponse): unknown {
  const [type = ''] = response.all('content-type');
  if (response.all('content-encoding').length > 0 || !/text|json/.test(type)) return response.body.toString('base64');
  const text = response.body.toString();
  if (!type.includes('json') || text === '') return text;
  const value = JSON.parse(text) as { headers?: Record<string, unknown> } | null;
  for (const name of Object.keys(NOT_COMPARED_IN_REQUESTS)) Reflect.deleteProperty(value?.headers ?? {}, name);
  return value;
}
