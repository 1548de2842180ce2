import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import type { Arguments } from '../arguments';
import { ownPackage } from '../package-info';
import { UserError } from '../user-error';

/** The HTTP request of a call, as it was typed. */
export interface TypedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** By name, lines of the same name together. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Buffer;
}

/** Flags that describe a request; an event of one's own has none. */
const REQUEST_FLAGS = ['method', 'path', 'header', 'data'] as const;

/** @throws UserError */
export function readTypedRequest(args: Arguments, path: string): TypedRequest {
  const data = args.text('data');
  const url = args.text('path') ?? path;
  if (!url.startsWith('/')) throw new UserError(`--path must begin with /, not be ${JSON.stringify(url)}`);
  return {
    method: args.text('method') ?? (data === undefined ? 'GET' : 'POST'),
    url,
    headers: readHeaders(args.list('header')),
    body: data === undefined ? Buffer.alloc(0) : readData(data),
  };
}

function readHeaders(lines: readonly string[]): TypedRequest['headers'] {
  const headers = new Map<string, string[]>([
    ['Host', ['localhost']],
    ['User-Agent', [`eg-lambda/${ownPackage().version}`]],
  ]);
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new UserError(`--header must be 'NAME: VALUE', not ${JSON.stringify(line)}`);
    }
    const [same] = [...headers.keys()].filter((known) => known.toLowerCase() === name.toLowerCase());
    const isOurs = same === 'Host' || same === 'User-Agent';
    if (same !== undefined && !isOurs) headers.get(same)?.push(value);
    else headers.set(same ?? name, [value]);
  }
  return Object.fromEntries(headers);
}

function readData(data: string): Buffer {
  return data.startsWith('@') ? readGiven('data', data.slice(1)) : Buffer.from(data);
}

/**
 * The event of `--event`, or undefined where the payload format makes it.
 * @throws UserError
 */
export async function readEvent(args: Arguments, input: Readable): Promise<unknown> {
  const file = args.text('event');
  if (file === undefined) return undefined;
  const other = REQUEST_FLAGS.find((name) => args.text(name) !== undefined || args.list(name).length > 0);
  if (other !== undefined)
    throw new UserError(`--event and --${other} exclude each other: the event is sent as it stands`);
  const bytes = file === '-' ? await buffer(input) : readGiven('event', file);
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch (error) {
    throw new UserError(`--event ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readGiven(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`--${flag} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
