import type { ErrorDialect } from '../errors/catalogue';
import type { Exchange } from '../http/exchange';
import type { ReceivedRequest } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';

/** A function as the log, metrics and spans name it. */
export interface InvokedFunction {
  /** Name or ARN as configured; of an HTTP upstream its URL without the query. */
  readonly name: string;
  /** Empty without one. */
  readonly qualifier: string;
  /** Where the settings say it. */
  readonly region: string | undefined;
}

/** What stands behind the gateway: takes a request, gives an answer. */
export interface Upstream {
  readonly invoked: InvokedFunction;
  /** How this upstream's answers word their errors. */
  readonly errorDialect: ErrorDialect;
  /** @throws LambdaProxyError */
  forward(request: ReceivedRequest, exchange: Exchange): Promise<GatewayResponse>;
}
