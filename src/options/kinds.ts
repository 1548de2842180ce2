import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isHttpUrl } from '../http/http-url';

/** A kind of value that a setting can have: how to read it and how to say what is right. */
export interface Kind<T> {
  /** What would be right, in words; stands in error messages and in the README's table. */
  readonly expected: string;
  /** The value, or undefined when it is none of this kind. */
  read(value: unknown): T | undefined;
  /** What is wrong with a value, for kinds whose values must not stand in a log, or are none that say so themselves. */
  fault?(value: unknown): string;
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

/** A URL of a web server. Credentials in it stay out of the error message. */
export function httpUrl(): Kind<string> {
  return {
    expected: 'http or https URL',
    read: (value) => (typeof value === 'string' && !UNSET_VARIABLE.test(value) && isHttpUrl(value) ? value : undefined),
    fault: (value) => (isEmpty(value) ? EMPTY : 'is not such a URL'),
  };
}

/** Text that must stand in no log. It goes into a header: printable ASCII. */
export function secret(expected: string): Kind<string> {
  return { ...text(expected, /^[\x21-\x7e]+$/), fault: (value) => (isEmpty(value) ? EMPTY : 'is none') };
}

/** A file of PEM certificates, which must be readable when the gateway starts. */
export function certificateFile(): Kind<string> {
  return {
    expected: 'path of a PEM file of certificates',
    read: (value) => (typeof value === 'string' && holdsCertificates(value) ? value : undefined),
  };
}

function holdsCertificates(path: string): boolean {
  try {
    return new X509Certificate(readFileSync(path)).subject !== '';
  } catch {
    return false;
  }
}

type Members<T> = { readonly [K in keyof T]-?: Kind<NonNullable<T[K]>> };

/**
 * A group of settings that belong together. No value of it stands in an error message, because some are secret.
 *
 * @param required the members that must be there
 */
export function group<T extends object>(members: Members<T>, required: readonly (keyof T & string)[]): Kind<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  const faultOf = (name: keyof T & string, value: unknown): string | undefined => {
    if (value === undefined) return required.includes(name) ? `${name} is missing` : undefined;
    if (members[name].read(value) !== undefined) return undefined;
    return `${name} ${isEmpty(value) ? EMPTY : 'is wrong'}, expected: ${members[name].expected}`;
  };
  const firstFault = (value: unknown): string | undefined => {
    if (typeof value !== 'object' || value === null) return isEmpty(value) ? EMPTY : 'is no group of settings';
    const unknown = Object.keys(value).find((name) => !(names as readonly string[]).includes(name));
    if (unknown !== undefined) return `has an unknown setting ${JSON.stringify(unknown)}`;
    return names.map((name) => faultOf(name, (value as Partial<T>)[name])).find((fault) => fault !== undefined);
  };
  return {
    expected: `{${names.map((name) => (required.includes(name) ? name : `${name}?`)).join(', ')}}`,
    fault: (value) => firstFault(value) ?? '',
    read: (value) => {
      if (firstFault(value) !== undefined) return undefined;
      const given = names.filter((name) => (value as Partial<T>)[name] !== undefined);
      return Object.fromEntries(given.map((name) => [name, members[name].read((value as T)[name])])) as T;
    },
  };
}

/** What the host makes of an unset `${VAR}`: null, or the text `null` where it is quoted. */
export function isEmpty(value: unknown): boolean {
  return value === null || value === '' || value === 'null';
}

export const EMPTY = 'is empty (is its environment variable set?)';
