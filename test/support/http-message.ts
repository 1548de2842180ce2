/** An HTTP response as it stood on the wire. */
export interface RawResponse {
  statusCode: number;
  statusMessage: string;
  /** Names as spelled, in order. */
  headers: [name: string, value: string][];
  /** The body without its transfer coding. */
  body: Buffer;
  trailers: [name: string, value: string][];
  /** Whether the framing was satisfied before the connection closed. */
  complete: boolean;
  /** Values of a header, whatever its spelling. */
  all(name: string): string[];
}

/** How a response is to be read. */
export interface ParseContext {
  /** The request was HEAD: no body follows whatever the headers say. */
  head: boolean;
  /** The connection was closed properly; a body without framing ends there. */
  ended: boolean;
}

/** What was found at the beginning of the bytes, and where the rest begins. */
export interface Parsed {
  response: RawResponse;
  consumed: number;
}

interface Body {
  body: Buffer;
  trailers: [string, string][];
  complete: boolean;
  end: number;
}

/** Reads one response; undefined while its head is not complete. */
export function parseResponse(bytes: Buffer, context: ParseContext): Parsed | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) {
    return undefined;
  }
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(statusLine);
  if (status === null) {
    throw new Error(`Not a status line: ${statusLine}`);
  }
  const statusCode = Number(status[1]);
  const headers = lines.map(parseField);
  const bodiless = context.head || statusCode < 200 || statusCode === 204 || statusCode === 304;
  const start = headEnd + 4;
  const { end, ...body } = bodiless
    ? { body: Buffer.alloc(0), trailers: [], complete: true, end: start }
    : parseBody(bytes, start, headers, context.ended);
  const all = (name: string): string[] => valuesOf(headers, name);
  return { response: { statusCode, statusMessage: status[2] ?? '', headers, ...body, all }, consumed: end };
}

function parseBody(bytes: Buffer, start: number, headers: [string, string][], ended: boolean): Body {
  if (valuesOf(headers, 'transfer-encoding').some((value) => /chunked/i.test(value))) {
    return parseChunks(bytes, start);
  }
  const [length] = valuesOf(headers, 'content-length');
  const end = length === undefined ? bytes.length : Math.min(bytes.length, start + Number(length));
  const body = bytes.subarray(start, end);
  return { body, trailers: [], complete: length === undefined ? ended : body.length === Number(length), end };
}

function parseChunks(bytes: Buffer, start: number): Body {
  const chunks: Buffer[] = [];
  const unfinished = (): Body => ({ body: Buffer.concat(chunks), trailers: [], complete: false, end: bytes.length });
  for (let position = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd === -1) {
      return unfinished();
    }
    const size = Number.parseInt(bytes.toString('latin1', position, lineEnd), 16);
    if (size === 0) {
      return parseTrailers(bytes, lineEnd, chunks) ?? unfinished();
    }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    position = lineEnd + 2 + size + 2;
    if (position > bytes.length) {
      return unfinished();
    }
  }
}

/** What stands between the last chunk's line and the empty line. */
function parseTrailers(bytes: Buffer, lineEnd: number, chunks: Buffer[]): Body | undefined {
  const end = bytes.indexOf('\r\n\r\n', lineEnd);
  if (end === -1) {
    return undefined;
  }
  const lines = bytes.toString('latin1', lineEnd, end).split('\r\n').slice(1);
  return { body: Buffer.concat(chunks), trailers: lines.map(parseField), complete: true, end: end + 4 };
}

function parseField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function valuesOf(headers: readonly [string, string][], name: string): string[] {
  return headers.filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** What a request is made of. */
export interface RequestParts {
  method?: string;
  /** The request target, sent as it is. */
  target?: string;
  /** Header lines in order; Latin-1 text is sent byte by byte. */
  headers?: readonly (readonly [name: string, value: string])[];
  body?: string | Uint8Array;
  /** `false`: no Content-Length is added for the body. */
  contentLength?: boolean;
  /** `true`: no `Connection: close` is added. */
  keepAlive?: boolean;
}

/** A request's bytes. Added unless given: Host, Connection: close, and Content-Length where there is a body. */
export function buildRequest(parts: RequestParts): Buffer {
  const { method = 'GET', target = '/', body = '' } = parts;
  const lines = completeHeaders(parts).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body as Uint8Array)]);
}

function completeHeaders({
  headers = [],
  body,
  contentLength,
  keepAlive,
}: RequestParts): (readonly [string, string])[] {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const framed = given.has('content-length') || given.has('transfer-encoding');
  const counted = body !== undefined && !framed && contentLength !== false;
  return [
    ...(given.has('host') ? [] : [['Host', '127.0.0.1'] as const]),
    ...headers,
    ...(given.has('connection') || keepAlive === true ? [] : [['Connection', 'close'] as const]),
    ...(counted ? [['Content-Length', String(Buffer.byteLength(body))] as const] : []),
  ];
}
