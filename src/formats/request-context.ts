import type { GatewayRequest } from '../http/gateway-request';
import { headerValue } from '../http/gateway-request';
import { onceASecond } from '../http/once-a-second';

/**
 * What only AWS could know. Functions print such values and build ARNs of them, so they are there, always the same, and
 * nobody's: the README lists them.
 */
export const STAND_INS = {
  accountId: '000000000000',
  apiId: 'express-gateway',
  deploymentId: 'express-gateway',
  resourceId: 'express-gateway',
} as const;

/** The fields of `requestContext` that say which host was asked. */
export function domainFields(request: GatewayRequest): { readonly domainName: string; readonly domainPrefix: string } {
  const domainName = (headerValue(request, 'host') ?? '').replace(/:\d+$/, '');
  return { domainName, domainPrefix: domainName.split('.', 1)[0] ?? '' };
}

/** `HTTP/1.1` */
export function protocol(request: GatewayRequest): string {
  return `HTTP/${request.httpVersion}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** The log format that API Gateway writes times in: `02/Jan/2024:03:04:05 +0000`. */
export const formatRequestTime = onceASecond((at) => {
  const iso = at.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[at.getUTCMonth()] ?? ''}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
});
