import type { Level } from './define';
import { optionRows } from './definitions';

const SCHEMA_BASE = 'http://express-gateway.io/schemas';

/**
 * The JSON schemas that the host registers and lists at its admin API.
 *
 * They describe, and do not check: the host's Ajv turns an unset `${VAR}` into `''`, `0` or `false` wherever a `type`
 * stands, would let a `default` here beat the plugin's settings, and names neither the pipeline nor what would be right
 * (all measured). `resolveOptions` checks instead.
 */
function describe(id: string, levels: readonly Level[]): object {
  const properties = optionRows
    .filter(([, definition]) => levels.includes(definition.level))
    .map(([name, { kind, summary, default: fallback }]) => {
      return [
        name,
        { description: `${summary} Values: ${kind.expected}. ${describeDefault(fallback)}`.trimEnd() },
      ] as const;
    });
  return { $id: `${SCHEMA_BASE}/${id}.json`, type: 'object', properties: Object.fromEntries(properties) };
}

function describeDefault(fallback: unknown): string {
  return fallback === undefined ? '' : `Default: ${JSON.stringify(fallback)}.`;
}

export const pluginSchema = describe('plugins/lambda', ['both']);
export const policySchema = describe('policies/lambda-proxy', ['policy', 'both']);
