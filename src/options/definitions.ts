import { accessSettings } from './access-settings';
import type { OptionDefinition, OptionTable } from './define';
import { functionSettings } from './function-settings';
import { networkSettings } from './network-settings';

/**
 * Every setting of the policy. The JSON schemas, the types, the defaults and the README's table are made from this table
 * and from nothing else.
 */
export const definitions = {
  ...functionSettings,
  ...networkSettings,
  ...accessSettings,
} as const satisfies OptionTable;

export type OptionName = keyof typeof definitions;

type ValueOf<K extends OptionName> = (typeof definitions)[K] extends OptionDefinition<infer T> ? T : never;

/** Settings that always have a value: those with a default. */
type PresentNames = {
  [K in OptionName]: undefined extends (typeof definitions)[K]['default'] ? never : K;
}[OptionName];

/** What may stand in a policy's `action`. */
export type LambdaProxyOptions = { readonly [K in OptionName]?: ValueOf<K> };

/** The same after defaults: what the request path works with. */
export type ResolvedOptions = LambdaOptions | EndpointOptions;

/** A function that is called through the Lambda API. */
export type LambdaOptions = CommonOptions & { readonly functionName: string; readonly functionUrl: undefined };

/** A function behind an HTTP endpoint. */
export type EndpointOptions = CommonOptions & { readonly functionName: undefined; readonly functionUrl: string };

type CommonOptions = {
  readonly [K in Exclude<OptionName, 'functionName' | 'functionUrl'>]: K extends PresentNames
    ? ValueOf<K>
    : ValueOf<K> | undefined;
};

/** The table's rows, for code that treats all settings alike. */
export const optionRows = Object.entries(definitions) as readonly (readonly [OptionName, OptionDefinition<unknown>])[];
