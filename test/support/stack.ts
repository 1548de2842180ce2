import { type Gateway, type GatewayOptions, startGateway } from './gateway';
import { type LambdaEndpoint, startLambdaEndpoint } from './lambda-endpoint';
import { rawRequest } from './raw-client';

/** One endpoint with a pipeline of its own that ends in our policy. */
export interface Route {
  /** As in `apiEndpoints`; default: the route's name and everything below it. */
  endpoint?: Record<string, unknown>;
  /** Policies before ours. */
  before?: readonly object[];
  /** Settings of our policy; `functionName` is the route's name unless given. */
  action?: Record<string, unknown>;
  /** Condition of our policy's step. */
  condition?: Record<string, unknown>;
}

/** A gateway in front of a scripted Lambda endpoint. */
export interface Stack {
  readonly gateway: Gateway;
  readonly lambda: LambdaEndpoint;
  readonly request: (parts: Parameters<typeof rawRequest>[1]) => ReturnType<typeof rawRequest>;
  close(): Promise<void>;
}

/** What `startGateway` needs for these routes. */
export function gatewayOptions(routes: Readonly<Record<string, Route>>): GatewayOptions {
  const entries = Object.entries(routes);
  return {
    apiEndpoints: Object.fromEntries(
      entries.map(([name, { endpoint }]) => [name, endpoint ?? { paths: [`/${name}`, `/${name}/*`] }]),
    ),
    pipelines: Object.fromEntries(
      entries.map(([name, { before = [], action, condition }]) => {
        const step = { action: { functionName: name, ...action }, ...(condition && { condition }) };
        return [name, { apiEndpoints: [name], policies: [...before, { 'lambda-proxy': step }] }];
      }),
    ),
  };
}

/** Boots both; `close` takes both down. */
export async function startStack(
  routes: Readonly<Record<string, Route>>,
  options: Partial<GatewayOptions> = {},
): Promise<Stack> {
  const lambda = await startLambdaEndpoint();
  const gateway = await startGateway({
    ...gatewayOptions(routes),
    ...options,
    env: { ...lambda.env, ...options.env },
  });
  return {
    gateway,
    lambda,
    request: (parts) => rawRequest(gateway, parts),
    close: async () => {
      await gateway.close();
      await lambda.close();
    },
  };
}
