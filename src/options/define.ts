import type { Kind } from './kinds';

/** Where a setting may stand: in the policy's `action` only, or at the plugin in `system.config.yml` as well. */
export type Level = 'policy' | 'both';

export interface OptionDefinition<T, D extends T | undefined = T | undefined> {
  readonly kind: Kind<T>;
  readonly level: Level;
  /** `undefined` where the setting may simply be absent. */
  readonly default: D;
  /** One or two sentences for the schema and the README. */
  readonly summary: string;
}

export type OptionTable = Readonly<Record<string, OptionDefinition<unknown>>>;

export function define<T, const D extends T | undefined>(
  kind: Kind<T>,
  level: Level,
  fallback: D,
  summary: string,
): OptionDefinition<T, D> {
  return { kind, level, default: fallback, summary };
}
