import type { PluginContext } from './src/host/express-gateway';
import { addMetricsRoute } from './src/observability/metrics-route';
import { readPluginSettings } from './src/options/resolve';
import { pluginSchema } from './src/options/schemas';
import { lambdaProxyPolicy } from './src/policies/lambda-proxy';

/** The same policy for any Express app. The host takes no notice of what else a plugin exports. */
export { lambdaProxy } from './src/express/lambda-proxy';
export type { LambdaProxyContext, LambdaProxyMiddleware } from './src/express/lambda-proxy';
export type { LambdaProxyOptions } from './src/options/definitions';

/** Prometheus' figures of all requests; the gateway's admin port has them at `/metrics`, an Express app adds a route. */
export { metricsRegistry } from './src/observability/metrics';

/** Version of the host's plugin interface, not of this package: the host warns about a higher one than its own 1.2.0. */
export const version = '1.2.0';

/** What the host's CLI offers to add to `policies` in `gateway.config.yml`. */
export const policies = ['lambda-proxy'];

export const schema = pluginSchema;

/** Called by the host at start-up, and again on every hot reload with the settings as they are then. */
export function init(context: PluginContext): void {
  const pluginSettings = readPluginSettings(context.settings);
  context.registerPolicy(lambdaProxyPolicy(pluginSettings, context.logger));
  context.registerAdminRoute(addMetricsRoute);
}
