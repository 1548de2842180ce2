import type { GatewayRequest } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';
import { mayHaveBody } from '../http/gateway-response';
import { guessContentType } from '../http/guess-content-type';
import type { JsonObject } from './json-result';
import { isJsonObject, malformed, parseResult } from './json-result';
import type { FormatOptions } from './payload-format';
import type { HeaderSource } from './result-headers';
import { mergeHeaders, readCookies, readHeaders, readMultiValueHeaders } from './result-headers';

/** Decodes the result of a REST API's proxy integration, which format 1.0 and `legacy` share. */
export function decodeProxyResult(payload: Buffer, request: GatewayRequest, options: FormatOptions): GatewayResponse {
  const result = parseResult(payload);
  if (!isJsonObject(result)) throw malformed('it is not an object');
  return proxyResponse(result, request, options, {
    // API Gateway puts the values of multiValueHeaders first and sends their spelling (recorded).
    headers: [readCookies(result), readMultiValueHeaders(result), readHeaders(result)],
    samePairOnce: true,
    bodyMayBeObject: false,
  });
}

export interface ProxyRules {
  /** Where headers come from, the first source first on the wire. */
  readonly headers: readonly HeaderSource[];
  /** Whether a name and value that two sources give are sent once. */
  readonly samePairOnce: boolean;
  /** Whether an object as body is sent as JSON; otherwise it makes the result malformed. */
  readonly bodyMayBeObject: boolean;
}

/** The answer that a result of the form `{statusCode, headers, body, …}` describes. */
export function proxyResponse(
  result: JsonObject,
  request: GatewayRequest,
  options: FormatOptions,
  rules: ProxyRules,
): GatewayResponse {
  const status = readStatus(result.statusCode);
  const isBase64 = readFlag(result.isBase64Encoded);
  const body = readBody(result.body, isBase64, rules.bodyMayBeObject);
  const headers = mergeHeaders(rules.headers, rules.samePairOnce);
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const guess = { isText: !isBase64, path: request.path, maxJSONParseLength: options.maxJSONParseLength };
  // What is not sent has no type: a cache would take a 304's for that of the answer it has.
  const isGuessed = !hasType && mayHaveBody('GET', status);
  return { status, headers: isGuessed ? [...guessContentType(body, guess), ...headers] : headers, body };
}

/** A number or a numeric string (recorded); 1xx is no final answer (RFC 9110, section 15.2). */
export function readStatus(value: unknown): number {
  if (value === undefined || value === null) return 200;
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw malformed('statusCode is not a status from 200 to 599');
}

/** API Gateway reads scalars leniently: `"201"` is a status, so `"true"` is a flag. */
function readFlag(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw malformed('isBase64Encoded is not a boolean');
}

function readBody(value: unknown, isBase64: boolean, mayBeObject: boolean): Buffer {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value === 'object' && !mayBeObject) throw malformed('body is not a string');
  const text = typeof value === 'string' ? value : toJson(value);
  return isBase64 ? decodeBase64(text) : Buffer.from(text);
}

/** JSON of a thousand levels can be read, and not be written again. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw malformed('body is too deep');
  }
}

/**
 * Node's decoder takes anything: it skips what is not base64, reads the low byte of wide characters and knows the URL-safe
 * alphabet. Looking at lengths tells as much as looking at each character, in a fraction of the time.
 */
function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const isWhole = padding === 0 ? digits % 4 !== 1 : text.length % 4 === 0;
  const isAscii = Buffer.byteLength(text) === text.length;
  const isUrlSafe = text.includes('-') || text.includes('_');
  if (!isWhole || !isAscii || isUrlSafe || bytes.length !== Math.floor((digits * 3) / 4)) {
    throw malformed('body is not base64');
  }
  return bytes;
}
