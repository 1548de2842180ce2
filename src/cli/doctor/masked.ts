const MASK = '***';

/** Names of settings, and of members of settings, whose values stay out of the output. */
const SECRET = /credentials|secret|password|token|apiKey|accessKeyId|externalId/i;

/** A value of a setting as text for people, without what is secret in it. */
export function shown(name: string, value: unknown): string {
  if (SECRET.test(name)) return MASK;
  if (typeof value === 'string') return withoutUserInfo(value);
  // Stage variables hold whatever functions need, keys of other services among it.
  if (name === 'stageVariables') return Object.keys(value ?? {}).join(', ');
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([member, inner]) => `${member}: ${shown(member, inner)}`)
    .join(', ');
}

function withoutUserInfo(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${MASK}@`);
}
