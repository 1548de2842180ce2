import { filetypemime } from 'magic-bytes.js';
import { charset, contentType, lookup } from 'mime-types';
import type { ResponseHeader } from './gateway-response';

export interface GuessOptions {
  /** Whether the function gave the body as text, not as base64. */
  readonly isText: boolean;
  /** Path of the request; its extension may refine a general guess. */
  readonly path: string;
  /** Bytes above which the body is not parsed as JSON just to guess its type. */
  readonly maxJSONParseLength: number;
}

/**
 * Types that make a browser run what is in the body (HTML, SVG, any XML, any script). A function that wants one of them
 * has to say so: a guess must not turn uploaded data into a page of this origin.
 */
const EXECUTED_BY_BROWSERS = /html|svg|script|[/+]xml(?:-|$)/i;

/** Headers for a body whose type the function did not name: a guess, marked so that browsers do not guess further. */
export function guessContentType(body: Buffer, options: GuessOptions): readonly ResponseHeader[] {
  if (body.length === 0) return [];
  const type = options.isText ? guessText(body, options) : guessBinary(body, options);
  return [
    ['Content-Type', [type]],
    ['X-Content-Type-Options', ['nosniff']],
  ];
}

function guessText(body: Buffer, { path, maxJSONParseLength }: GuessOptions): string {
  const isParsed = body.length <= maxJSONParseLength;
  if (isParsed && isJson(body)) return 'application/json';
  const type = typeOfExtension(path);
  const fits = type !== undefined && charset(type) === 'UTF-8' && !(isParsed && type.endsWith('json'));
  return contentType(fits ? type : 'text/plain') || 'text/plain; charset=utf-8';
}

function guessBinary(body: Buffer, { path }: GuessOptions): string {
  const signatures = filetypemime(body).filter((type) => !EXECUTED_BY_BROWSERS.test(type));
  const type = typeOfExtension(path);
  // A ZIP may be a dozen things; the extension picks among what the bytes allow.
  if (type !== undefined && (signatures.length === 0 || signatures.includes(type))) return type;
  return signatures[0] ?? 'application/octet-stream';
}

function typeOfExtension(path: string): string | undefined {
  const type = lookup(path);
  return type === false || EXECUTED_BY_BROWSERS.test(type) ? undefined : type;
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}
