/**
 * Headers that describe one connection or the framing of one message, and go no further than that (RFC 9110, section
 * 7.6.1; RFC 9112, section 6). `content-length` is handled apart.
 */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
] as const;

const ALWAYS: ReadonlySet<string> = new Set(HOP_BY_HOP);

/**
 * The lower-case names of what must not be handed on: those above, and those that `Connection` names.
 *
 * @param connection the values of the message's `Connection`
 */
export function hopByHopNames(connection: readonly string[]): ReadonlySet<string> {
  if (connection.length === 0) return ALWAYS;
  const named = connection.flatMap((value) => value.split(',')).map((name) => name.trim().toLowerCase());
  return new Set([...HOP_BY_HOP, ...named]);
}
