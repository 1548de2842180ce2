import type { Addition } from './edit-yaml';

type UnknownRecord = Readonly<Record<string, unknown>>;

/** A configuration with entries added, as values: what an edited file must read as. */
export function withEntries(config: UnknownRecord, additions: readonly Addition[]): UnknownRecord {
  return additions.reduce<UnknownRecord>((result, { path, key, value }) => {
    const change = (existing: unknown): unknown =>
      key === undefined
        ? [...((existing as unknown[] | null | undefined) ?? []), value]
        : { ...asRecord(existing), [key]: value };
    return changeAt(result, path, change);
  }, config);
}

function changeAt(
  value: unknown,
  [name, ...rest]: readonly string[],
  change: (existing: unknown) => unknown,
): UnknownRecord {
  if (name === undefined) return change(value) as UnknownRecord;
  const record = asRecord(value);
  return { ...record, [name]: changeAt(record[name], rest, change) };
}

function asRecord(value: unknown): UnknownRecord {
  return (value ?? {}) as UnknownRecord;
}
