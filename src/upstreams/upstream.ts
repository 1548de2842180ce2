import type { ErrorDialect } from '../errors/catalogue';
import type { Exchange } from '../http/exchange';
import type { GatewayRequest } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';

/** What stands behind the gateway: takes a request, gives an answer. */
export interface Upstream {
  /** How this upstream's answers word their errors. */
  readonly errorDialect: ErrorDialect;
  /** Bytes of request body that it can take; more need not be read. */
  readonly maxBodyLength: number;
  /** @throws LambdaProxyError */
  forward(request: GatewayRequest, exchange: Exchange): Promise<GatewayResponse>;
}
