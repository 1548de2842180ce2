import type { ErrorDialect } from '../errors/catalogue';
import type { Exchange } from '../http/exchange';
import type { ReceivedRequest } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';

/** What stands behind the gateway: takes a request, gives an answer. */
export interface Upstream {
  /** How this upstream's answers word their errors. */
  readonly errorDialect: ErrorDialect;
  /** @throws LambdaProxyError */
  forward(request: ReceivedRequest, exchange: Exchange): Promise<GatewayResponse>;
}
