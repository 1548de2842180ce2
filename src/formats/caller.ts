/**
 * Who called, from what the host's authentication policies leave behind. Everything here is an allow-list: consumers
 * carry tokens, timestamps and whatever fields an operator added to the user model.
 */
export interface Caller {
  readonly principalId: string;
  /** Fields of a user or application that are known to the gateway, all strings. */
  readonly fields: Readonly<Record<string, string>>;
  /** Claims of a token whose caller is not known to the gateway. */
  readonly claims: Readonly<Record<string, string>> | undefined;
  readonly scopes: readonly string[] | undefined;
}

/** What functions may see of a user or an application. */
export const CONSUMER_FIELDS = ['type', 'id', 'username', 'firstname', 'lastname', 'email', 'userId', 'name'] as const;

/** Claims never carry these; an introspection answer, which arrives in the same way, may. */
const SECRET_NAME = /token|secret|passw|pwd|credential|hash|api_?key/i;
/** What kind of token it is: functions check Cognito's `token_use`. */
const TOKEN_KINDS: ReadonlySet<string> = new Set(['token_use', 'token_type']);

function isSecret(name: string): boolean {
  return SECRET_NAME.test(name) && !TOKEN_KINDS.has(name);
}

/** Understands `req.user`, or returns undefined for an anonymous request. */
export function describeCaller(consumer: unknown): Caller | undefined {
  if (typeof consumer !== 'object' || consumer === null) return undefined;
  const record = consumer as Readonly<Record<string, unknown>>;
  return isKnownConsumer(record) ? knownConsumer(record) : tokenClaims(record);
}

/** The host marks its users and applications with `type`; a token's claims may have one too, and a subject or issuer. */
function isKnownConsumer(record: Readonly<Record<string, unknown>>): boolean {
  const isMarked = record.type === 'user' || record.type === 'application';
  return isMarked && record.sub === undefined && record.iss === undefined;
}

function knownConsumer(record: Readonly<Record<string, unknown>>): Caller {
  const fields = CONSUMER_FIELDS.flatMap((name) => {
    const value = record[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  const scopes = stringList(record.authorizedScopes);
  return {
    principalId: firstId(record.id, record.username),
    fields: Object.fromEntries(scopes ? [...fields, ['scopes', scopes.join(' ')]] : fields),
    claims: undefined,
    scopes,
  };
}

function tokenClaims(record: Readonly<Record<string, unknown>>): Caller {
  const claims = Object.entries(record).flatMap(([name, value]) => {
    const text = isSecret(name) ? undefined : claimText(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  const { scope } = record;
  return {
    principalId: firstId(record.sub, record.client_id, record.id, record.username),
    fields: {},
    claims: Object.fromEntries(claims),
    scopes: typeof scope === 'string' ? scope.split(' ').filter((part) => part !== '') : stringList(scope),
  };
}

/** API Gateway hands all claims on as strings, lists as `[a b]`, and leaves nulls out (recorded). */
function claimText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value)
    ? `[${value
        .map(claimText)
        .filter((text) => text !== undefined)
        .join(' ')}]`
    : undefined;
}

function stringList(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : undefined;
}

function firstId(...candidates: readonly unknown[]): string {
  for (const value of candidates) {
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}
