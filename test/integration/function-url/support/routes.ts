import type { Route } from '../../../support/stack';

/** A route whose policy forwards to a URL. */
export function forwarding(functionUrl: string, settings: Record<string, unknown> = {}, route: Route = {}): Route {
  return { ...route, action: { functionName: undefined, functionUrl, ...settings } };
}

/** Keys that no account has. */
export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test-secret' };
