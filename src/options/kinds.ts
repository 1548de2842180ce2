/** A kind of value that a setting can have: how to read it and how to say what is right. */
export interface Kind<T> {
  /** What would be right, in words; stands in error messages and in the README's table. */
  readonly expected: string;
  /** The value, or undefined when it is none of this kind. */
  read(value: unknown): T | undefined;
}

/** What the host makes of an unset `${VAR}` inside quotes or between the colons of an ARN (measured). */
const UNSET_VARIABLE = /(?:^|:)null(?:$|:)/;

/** Any text. YAML reads an unquoted version `7` as a number. */
export function text(expected: string, pattern = /^[^\0]+$/): Kind<string> {
  return {
    expected,
    read: (value) => {
      const string = typeof value === 'number' ? String(value) : value;
      const fits = typeof string === 'string' && pattern.test(string) && !UNSET_VARIABLE.test(string);
      return fits ? string : undefined;
    },
  };
}

/** A whole number. `"${TIMEOUT}"` in quotes arrives as text. */
export function integer(minimum: number, maximum: number, unit: string): Kind<number> {
  return {
    expected: `${unit} ${minimum}–${maximum}`,
    read: (value) => {
      const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
      const fits = typeof number === 'number' && Number.isInteger(number) && number >= minimum && number <= maximum;
      return fits ? number : undefined;
    },
  };
}

export function boolean(): Kind<boolean> {
  const values = new Map<unknown, boolean>([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
  ]);
  return { expected: '`true` · `false`', read: (value) => values.get(value) };
}

/**
 * One of some names.
 *
 * @param aliases other spellings, for instance the number that YAML makes of an unquoted `2.0`
 */
export function oneOf<const T extends string>(
  names: readonly T[],
  aliases: ReadonlyMap<unknown, NoInfer<T>> = new Map(),
): Kind<T> {
  return {
    expected: names.map((name) => `\`${name}\``).join(' · '),
    read: (value) => names.find((name) => name === value) ?? aliases.get(value),
  };
}

export function listOf(item: Kind<string>): Kind<readonly string[]> {
  return {
    expected: `list of ${item.expected}`,
    read: (value) => {
      if (!Array.isArray(value)) return undefined;
      const items = value.map((entry) => item.read(entry));
      return items.every((entry) => entry !== undefined) ? items : undefined;
    },
  };
}

/** A map of names to text; numbers and booleans are taken as their text, as stage variables are. */
export function textMap(expected: string): Kind<Readonly<Record<string, string>>> {
  return {
    expected,
    read: (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      const entries = Object.entries(value);
      return entries.every(([, entry]) => ['string', 'number', 'boolean'].includes(typeof entry))
        ? Object.fromEntries(entries.map(([name, entry]) => [name, String(entry)]))
        : undefined;
    },
  };
}
