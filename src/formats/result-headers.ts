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

interface MergedHeader {
  readonly name: string;
  readonly lines: { readonly value: string; readonly source: number }[];
}

/**
 * Header names are compared without case; the first spelling and the order of first appearance are kept.
 *
 * @param samePairOnce what two sources say is sent once; what one source repeats it means to repeat
 */
export function mergeHeaders(sources: readonly HeaderSource[], samePairOnce: boolean): readonly ResponseHeader[] {
  const merged = new Map<string, MergedHeader>();
  for (const [source, lines] of sources.entries()) {
    for (const [name, value] of lines) {
      const lowerName = name.toLowerCase();
      const known = merged.get(lowerName);
      if (!known) merged.set(lowerName, { name, lines: [{ value, source }] });
      else if (isRepeatable(lowerName) && !(samePairOnce && isSaidElsewhere(known, value, source))) {
        known.lines.push({ value, source });
      }
    }
  }
  return [...merged.values()].map(({ name, lines }) => [name, lines.map(({ value }) => value)]);
}

function isSaidElsewhere(header: MergedHeader, value: string, source: number): boolean {
  return header.lines.some((line) => line.value === value && line.source !== source);
}

/** A second content type would make an answer that every client reads differently. */
function isRepeatable(lowerName: string): boolean {
  return lowerName !== 'content-type' && lowerName !== 'content-length';
}

function entries(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) throw malformed(`${key} is not an object`);
  return Object.entries(value);
}

/** Numbers and booleans are sent as text, nulls are left out (recorded). */
function lines(name: string, values: unknown, key: string): HeaderSource {
  if (!Array.isArray(values)) throw malformed(`${key} has a value that is not a list`);
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
