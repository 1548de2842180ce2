import type { LambdaProxyOptions, ResolvedOptions } from '../../options/definitions';
import { optionRows } from '../../options/definitions';
import { shown } from './masked';

/** A setting as a policy has it, and where it was said. */
export interface EffectiveSetting {
  readonly name: string;
  /** Fit to be printed: without secrets. */
  readonly value: string;
  readonly origin: 'policy' | 'plugin' | 'default';
}

/** The settings of a policy, in the table's order; without `all` those that somebody gave. */
export function effectiveSettings(
  action: Readonly<Record<string, unknown>>,
  plugin: LambdaProxyOptions,
  resolved: ResolvedOptions,
  all: boolean,
): readonly EffectiveSetting[] {
  return optionRows
    .map(([name]) => {
      const origin =
        action[name] !== undefined ? 'policy' : plugin[name] !== undefined ? 'plugin' : ('default' as const);
      return { name, value: shown(name, resolved[name]), origin } as const;
    })
    .filter(({ name, origin }) => (origin === 'default' ? all && resolved[name] !== undefined : true));
}
