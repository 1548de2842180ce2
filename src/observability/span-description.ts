import type { Attributes } from '@opentelemetry/api';
import type { ReceivedRequest } from '../http/gateway-request';
import { isHttpUrl } from '../http/http-url';
import type { InvokedFunction } from '../upstreams/upstream';

export interface SpanDescription {
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * Describes calls to one function, or to one URL, in the words of OpenTelemetry's conventions for outgoing invocations and
 * for HTTP clients. Queries are left out: they can hold a secret.
 * https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/#outgoing-invocations
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export function spanDescriber(invoked: InvokedFunction): (request: ReceivedRequest) => SpanDescription {
  return isHttpUrl(invoked.name) ? httpDescriber(invoked.name) : functionDescriber(invoked);
}

function functionDescriber({ name, region }: InvokedFunction): (request: ReceivedRequest) => SpanDescription {
  const functionName = withoutArn(name);
  return ({ method, path, route }) => ({
    name: `invoke ${functionName}`,
    attributes: {
      'faas.invoked_name': functionName,
      'faas.invoked_provider': 'aws',
      'faas.invoked_region': region,
      'http.request.method': method,
      'http.route': route.resource,
      'url.path': path,
    },
  });
}

function httpDescriber(url: string): (request: ReceivedRequest) => SpanDescription {
  const { hostname, port, protocol } = new URL(url);
  const serverPort = port === '' ? DEFAULT_PORTS[protocol] : Number(port);
  const base = url.replace(/\/$/, '');
  return ({ method, path, route }) => ({
    name: method,
    attributes: {
      'server.address': hostname,
      'server.port': serverPort,
      'url.full': `${base}${path}`,
      'http.request.method': method,
      'http.route': route.resource,
    },
  });
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** The function's own name, as spans of the function itself have it, where an ARN or a part of one is configured. */
function withoutArn(name: string): string {
  return /(?:^|:)function:([^:]+)/.exec(name)?.[1] ?? name;
}
