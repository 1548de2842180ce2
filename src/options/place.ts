import type { HostConfig } from '../host/express-gateway';

type UnknownRecord = Readonly<Record<string, unknown>>;

/**
 * Says where in `gateway.config.yml` an action stands. The host hands a policy a copy of its action and no name, so the
 * action is looked for: the one with the same settings.
 */
export function placeOfAction(action: UnknownRecord, config: HostConfig | undefined, policyName: string): string {
  for (const [pipeline, definition] of Object.entries(config?.gatewayConfig?.pipelines ?? {})) {
    const step = stepsOf(definition, policyName).findIndex((candidate) => isCopy(action, candidate));
    if (step !== -1) return `pipeline ${JSON.stringify(pipeline)}, step ${step + 1}`;
  }
  return 'gateway.config.yml';
}

/** The actions of a policy in one pipeline, in order; the host takes lists and single objects everywhere. */
function stepsOf(pipeline: unknown, policyName: string): readonly UnknownRecord[] {
  if (!isRecord(pipeline)) return [];
  return asList(pipeline.policies)
    .filter(isRecord)
    .flatMap((policy) => (policyName in policy ? asList(policy[policyName] ?? {}) : []))
    .map((step) => (isRecord(step) && isRecord(step.action) ? step.action : {}));
}

function isCopy(action: UnknownRecord, candidate: UnknownRecord): boolean {
  const names = Object.keys(action).filter((name) => typeof action[name] !== 'function');
  return names.length === Object.keys(candidate).length && names.every((name) => action[name] === candidate[name]);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
