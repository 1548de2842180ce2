import type { HeaderField } from './gateway-request';

/** Only a policy can say this: whatever is left of it is not the client's. */
const CONSUMER_ID = 'eg-consumer-id';

/**
 * The request's headers, repeated lines kept apart and in the client's spelling.
 *
 * `req.headers` is the truth: earlier policies delete and change it, and `rawHeaders` still has what they deleted.
 * `rawHeaders` only gives the spelling, and the single lines of what Node joined.
 *
 * @param consumer who an authentication policy says is calling
 */
export function readHeaders(
  headers: Readonly<Record<string, unknown>>,
  rawHeaders: readonly string[],
  consumer: unknown,
): readonly HeaderField[] {
  const received = receivedLines(rawHeaders);
  const fields: HeaderField[] = [];
  let mayRepeat = false;
  for (const key of Object.keys(headers)) {
    const value = headers[key];
    if (value === undefined || value === null) continue;
    const lowerName = key.toLowerCase();
    mayRepeat ||= key !== lowerName;
    const lines = received.get(lowerName);
    const field = isAsReceived(lines, value) ? lines : headerField(key, lowerName, value, lines);
    if (lowerName !== CONSUMER_ID) fields.push(field);
    else if (!isForged(field, consumer)) fields.push({ ...field, isOwn: true });
  }
  return mayRepeat ? lastOfEach(fields) : fields;
}

function isAsReceived(lines: HeaderField | undefined, value: unknown): lines is HeaderField {
  return lines?.values.length === 1 && lines.values[0] === value;
}

/** A policy that spells a header in its own way has set it beside the client's, which Node has in lower case. */
function lastOfEach(fields: readonly HeaderField[]): readonly HeaderField[] {
  return [...new Map(fields.map((field) => [field.lowerName, field])).values()];
}

function headerField(key: string, lowerName: string, value: unknown, lines: HeaderField | undefined): HeaderField {
  const values = Array.isArray(value) ? value.map(String) : [headerText(value)];
  const isOwn = !isReceived(lines?.values, values);
  return {
    // A policy that adds a header may spell it as it likes; Node has the client's in lower case.
    name: lines?.name ?? key,
    lowerName,
    values: lines && isUnchanged(lowerName, lines.values, values) ? lines.values : values,
    ...(isOwn && { isOwn }),
  };
}

/** Express Gateway's `headers` and request-transformer policies put numbers and objects into `req.headers`. */
function headerText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The headers as they came, of which most are as earlier policies left them. */
function receivedLines(rawHeaders: readonly string[]): ReadonlyMap<string, HeaderField> {
  const lines = new Map<string, HeaderField & { readonly values: string[] }>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const lowerName = name.toLowerCase();
    const known = lines.get(lowerName);
    if (known) known.values.push(value);
    else lines.set(lowerName, { name, lowerName, values: [value] });
  }
  return lines;
}

/**
 * Whether the value in `req.headers` is what Node made of the received lines. Cookies stay as Node joined them: one line
 * is what API Gateway shows (recorded), and what HTTP/2's cookie crumbs have to become (RFC 9113, section 8.2.3).
 */
function isUnchanged(lowerName: string, received: readonly string[], current: readonly string[]): boolean {
  return lowerName !== 'cookie' && current.length === 1 && current[0] === received.join(', ');
}

/** Whether a value is the client's: Node joins repeated lines, with a semicolon those of cookies, or keeps the first one. */
function isReceived(received: readonly string[] | undefined, current: readonly string[]): boolean {
  if (received === undefined) return false;
  const value = current.join(', ');
  return value === received[0] || value === received.join(', ') || value === received.join('; ');
}

/**
 * The host sets `eg-consumer-id` when a caller authenticated, and leaves a client's own in place otherwise (measured):
 * anybody could name himself.
 */
function isForged(field: HeaderField, consumer: unknown): boolean {
  const id = typeof consumer === 'object' && consumer !== null ? (consumer as { id?: unknown }).id : undefined;
  return id === undefined || field.values[0] !== headerText(id);
}
