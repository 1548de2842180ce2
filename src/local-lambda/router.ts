import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ApiError, sendApiError, serviceError, unknownRoute, validationError } from './api-errors';

/** One request on its way through a route. */
export interface Exchange {
  /** UUID; the id of the invocation too. */
  readonly requestId: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the named groups of the route's path captured, percent-decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** An operation of the API. */
export interface Route {
  readonly method: string;
  /** Matched against the whole path, still percent-encoded. */
  readonly path: RegExp;
  /** @throws {ApiError} Becomes the answer, unless one has begun; any other error becomes a 500. */
  handle(exchange: Exchange): Promise<void>;
}

/** Sends each request to the first route that takes it. Never throws. */
export function createRequestListener(routes: readonly Route[], log: (line: string) => void): RequestListener {
  return (request, response) => {
    const requestId = randomUUID();
    // A client that goes away while it is answered is its own business.
    response.on('error', () => undefined);
    dispatch(routes, requestId, request, response).catch((error: unknown) => {
      if (!(error instanceof ApiError)) log(`Local Lambda: ${String(error)}`);
      // An answer that has begun can only be broken off, so that the client can tell.
      if (response.headersSent) response.destroy();
      else sendApiError(response, requestId, error instanceof ApiError ? error : serviceError(String(error)));
    });
  };
}

async function dispatch(
  routes: readonly Route[],
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Not `new URL()`: it would resolve `..` in the path before a route sees it.
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(request.url ?? '') ?? [];
  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(path) : null;
    if (match) {
      const pathParameters = decodeAll(match.groups ?? {});
      await route.handle({ requestId, request, response, pathParameters, query: new URLSearchParams(query) });
      return;
    }
  }
  throw unknownRoute();
}

function decodeAll(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, decode(name, value)]));
}

function decode(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw validationError(value, name, 'percent-encoded UTF-8');
  }
}
