import type { HostConfig } from '../host/express-gateway';

type UnknownRecord = Readonly<Record<string, unknown>>;

/** One use of a policy in `gateway.config.yml`. */
export interface PolicyStep {
  readonly pipeline: string;
  /** In words, for messages. */
  readonly place: string;
  readonly action: UnknownRecord;
}

/** Every use of a policy, in the order of the file. */
export function policySteps(config: HostConfig | undefined, policyName: string): readonly PolicyStep[] {
  return Object.entries(config?.gatewayConfig?.pipelines ?? {}).flatMap(([pipeline, definition]) =>
    actionsOf(definition, policyName).map((action, index) => {
      return { pipeline, place: `pipeline ${JSON.stringify(pipeline)}, step ${index + 1}`, action };
    }),
  );
}

/**
 * Says where in `gateway.config.yml` an action stands. The host hands a policy a copy of its action and no name, so the
 * action is looked for: the one with the same settings.
 */
export function placeOfAction(action: UnknownRecord, config: HostConfig | undefined, policyName: string): string {
  const step = policySteps(config, policyName).find((candidate) => isCopy(action, candidate.action));
  return step?.place ?? 'gateway.config.yml';
}

/** The actions of a policy in one pipeline, in order; the host takes lists and single objects everywhere. */
function actionsOf(pipeline: unknown, policyName: string): readonly UnknownRecord[] {
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
