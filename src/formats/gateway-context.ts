import type { GatewayRequest } from '../http/gateway-request';

/**
 * What the plugin has always put into `requestContext` beside API Gateway's own fields: which endpoint of the gateway was
 * asked, and whatever earlier policies put into `egContext.lambda`.
 *
 * Endpoints may carry any key that their owner added, so the ones that functions may see are named.
 */
export function gatewayContext(request: GatewayRequest): Record<string, unknown> {
  const { apiEndpointName, host, path, paths, scopes } = request.apiEndpoint;
  const { lambdaContext } = request;
  return {
    ...(typeof lambdaContext === 'object' ? lambdaContext : undefined),
    apiEndpoint: { apiEndpointName, host, path, paths, scopes },
  };
}
