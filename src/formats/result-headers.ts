import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ResponseHeader } from '../http/gateway-response';
import type { JsonObject } from './json-result';
import { isJsonObject, malformed } from './json-result';

/** Single lines of a header block, in order. */
export type HeaderSource = readonly (readonly [name: string, value: string])[];

/** `cookies`: one `Set-Cookie` line each. */
export function readCookies(result: JsonObject): HeaderSource {
  return lines('Set-Cookie', result.cookies ?? [], 'cookies');
}

/** `headers`: scalars, or lists of them, which API Gateway does not take but the peers' users ask for. */
export function readHeaders(result: JsonObject): HeaderSource {
  return entries(result.headers, 'headers').flatMap(([name, value]) =>
    lines(name, Array.isArray(value) ? value : [value], 'headers'),
  );
}

/** `multiValueHeaders`: lists only (recorded: anything else is a malformed result). */
export function readMultiValueHeaders(result: JsonObject): HeaderSource {
  return entries(result.multiValueHeaders, 'multiValueHeaders').flatMap(([name, value]) =>
    lines(name, value ?? [], 'multiValueHeaders'),
  );
}

/**
 * Lines that an answer's head may have. No client takes nearly as many; a function that returns millions of them must not
 * keep the gateway busy.
 */
const MAX_HEADER_LINES = 1_000;

interface MergedHeader {
  readonly name: string;
  readonly values: string[];
  /** The source that gave the last value, and how many values earlier ones had given. */
  source: HeaderSource;
  earlier: number;
}

/**
 * Header names are compared without case; the first spelling and the order of first appearance are kept.
 *
 * @param samePairOnce what two sources say is sent once; what one source repeats it means to repeat
 * @throws LambdaProxyError `MALFORMED_RESULT` for more lines than an answer can have
 */
export function mergeHeaders(sources: readonly HeaderSource[], samePairOnce: boolean): readonly ResponseHeader[] {
  checkCount(sources.reduce((count, source) => count + source.length, 0));
  const merged = new Map<string, MergedHeader>();
  for (const source of sources) {
    for (const [name, value] of source) {
      const lowerName = name.toLowerCase();
      const known = merged.get(lowerName);
      if (!known) merged.set(lowerName, { name, values: [value], source, earlier: 0 });
      else if (isRepeatable(lowerName)) addValue(known, value, source, samePairOnce);
    }
  }
  return [...merged.values()].map(({ name, values }) => [name, values]);
}

function addValue(known: MergedHeader, value: string, source: HeaderSource, samePairOnce: boolean): void {
  if (known.source !== source) Object.assign(known, { source, earlier: known.values.length });
  if (!samePairOnce || !known.values.slice(0, known.earlier).includes(value)) known.values.push(value);
}

function checkCount(count: number): void {
  if (count > MAX_HEADER_LINES) throw malformed(`it has more than ${MAX_HEADER_LINES} header lines`);
}

/** A second content type would make an answer that every client reads differently. */
function isRepeatable(lowerName: string): boolean {
  return lowerName !== 'content-type' && lowerName !== 'content-length';
}

function entries(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) throw malformed(`${key} is not an object`);
  const all = Object.entries(value);
  checkCount(all.length);
  return all;
}

/** Numbers and booleans are sent as text, nulls are left out (recorded). */
function lines(name: string, values: unknown, key: string): HeaderSource {
  if (!Array.isArray(values)) throw malformed(`${key} has a value that is not a list`);
  checkCount(values.length);
  return values
    .filter((value) => value !== null)
    .map((value: unknown) => {
      if (!isScalar(value)) throw malformed(`${key} has a value that is neither text, number nor boolean`);
      return checked(name, String(value));
    });
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** What HTTP does not allow, line breaks above all, must not reach `setHeader`: it throws, and would split answers. */
function checked(name: string, value: string): readonly [string, string] {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw malformed('a header has a name or a value that HTTP does not allow');
  }
  return [name, value];
}
