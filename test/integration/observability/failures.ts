import type { ErrorCode } from '../../../src/errors/catalogue';
import { type LambdaScript, unusedPort } from '../../support/lambda-endpoint';
import { buildRequest, RawClient, type RequestParts } from '../../support/raw-client';
import type { Route, Stack } from '../../support/stack';
import { forwarding } from '../function-url/support/routes';

/** How one failure is provoked; its route has its code's name in small letters. */
export interface Failure {
  readonly route?: Route;
  /** What stands behind the route, where it is not a function of the route's name. */
  readonly url?: string;
  readonly script?: LambdaScript;
  /** Sends the request, where that is more than one plain GET; resolves when the client has nothing more to do. */
  readonly send?: (stack: Stack, target: string) => Promise<unknown>;
  /** What it may be called instead: of a client that is gone, some of the news may come first. */
  readonly or?: ErrorCode;
}

/** What no log may show. */
export const SECRET = 's3cr3t';

/** Every part of it that a client can write has the secret in it, but for the path. */
export function secretRequest(target: string): RequestParts {
  return {
    method: 'POST',
    target: `${target}?token=${SECRET}`,
    headers: [
      ['Authorization', `Bearer ${SECRET}`],
      ['Cookie', `session=${SECRET}`],
      ['X-Api-Key', SECRET],
      ['Content-Type', 'text/plain'],
    ],
    body: `body ${SECRET}`,
  };
}

const apiError = (name: string, status: number): LambdaScript => ({ apiError: { name, status } });

/** All that the catalogue knows. The gateway has to run without a region in its environment. */
export const failures: Readonly<Record<ErrorCode, Failure>> = {
  BODY_UNREADABLE: {
    or: 'CLIENT_CLOSED',
    send: async (stack, target) => {
      const client = await RawClient.connect(stack.gateway);
      const head = buildRequest({ ...secretRequest(target), body: '', contentLength: false }).toString();
      await client.send(`${head.trimEnd()}\r\nTransfer-Encoding: chunked\r\n\r\nnot a length ${SECRET}\r\n`);
      await client.closed;
    },
  },
  PATH_REFUSED: {
    route: forwarding('http://127.0.0.1:1/base'),
    url: 'http://127.0.0.1:1/base',
    send: (stack, target) => stack.request(secretRequest(`${target}/../../x`)),
  },
  REQUEST_TOO_LARGE: {
    route: { action: { invocationType: 'Event' } },
    send: (stack, target) => stack.request({ ...secretRequest(target), body: SECRET.repeat(200_000) }),
  },
  CLIENT_CLOSED: {
    script: { fault: 'hang' },
    send: async (stack, target) => {
      const client = await RawClient.connect(stack.gateway);
      await client.send(buildRequest(secretRequest(target)));
      await stack.lambda.waitFor(1);
      client.destroy();
    },
  },
  FUNCTION_ERROR: { script: { result: { errorType: 'E', errorMessage: 'm' }, functionError: 'Unhandled' } },
  MALFORMED_RESULT: { script: { payload: `{"body":"${SECRET}",` } },
  FUNCTION_NOT_FOUND: { script: apiError('ResourceNotFoundException', 404) },
  ACCESS_DENIED: { script: apiError('AccessDeniedException', 403) },
  CREDENTIALS: { route: { action: { profile: 'nowhere' } } },
  INVOKE_REFUSED: { script: apiError('ServiceException', 500) },
  UPSTREAM_UNAVAILABLE: { script: { fault: 'reset-after-request' } },
  THROTTLED: { script: apiError('TooManyRequestsException', 429) },
  OVERLOADED: { route: { action: { maxConnections: 1, maxPending: 0 } }, send: sendTwo },
  CONFIGURATION: { route: { action: { region: undefined } } },
  TIMEOUT: { route: { action: { timeout: 300 } }, script: { fault: 'hang' } },
  INTERNAL: { route: { before: [{ 'test-script': { action: { behaviour: 'circular-context' } } }] } },
};

/** The second is one too many while the first waits for its answer. */
async function sendTwo(stack: Stack, target: string): Promise<void> {
  let answerFirst: () => void = () => undefined;
  const when = new Promise<void>((resolve) => (answerFirst = resolve));
  stack.lambda.respondWith({ when, result: {} });
  const first = stack.request(secretRequest(target));
  await stack.lambda.waitFor(1);
  await stack.request(secretRequest(target));
  answerFirst();
  await first;
}

const routeName = (code: string): string => code.toLowerCase().replaceAll('_', '-');

/** Routes for all of them, a region in each policy; and one to a URL with an API key that nobody answers. */
export async function failingRoutes(): Promise<Readonly<Record<string, Route>>> {
  const functionUrl = `http://127.0.0.1:${await unusedPort()}/base?key=${SECRET}`;
  const routes = Object.entries(failures).map(([code, { route = {} }]) => [
    routeName(code),
    { ...route, action: { region: 'eu-central-1', ...route.action } },
  ]);
  return {
    ...Object.fromEntries(routes),
    'url-refused': { action: { functionName: undefined, functionUrl, apiKey: SECRET } },
  };
}

export async function provoke(stack: Stack, code: ErrorCode): Promise<void> {
  const { script, send } = failures[code];
  const target = `/${routeName(code)}`;
  if (script) stack.lambda.respondWith(script);
  await (send ? send(stack, target) : stack.request(secretRequest(target)));
}
