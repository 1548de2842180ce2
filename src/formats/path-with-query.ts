import type { GatewayRequest } from '../http/gateway-request';
import type { FormatOptions } from './payload-format';

/** The path as version 1 of this plugin gave it: with the query string, unless the path is ignored. */
export function pathWithQuery(request: GatewayRequest, options: Pick<FormatOptions, 'ignorePath'>): string {
  return options.ignorePath || request.rawQuery === '' ? request.path : `${request.path}?${request.rawQuery}`;
}
