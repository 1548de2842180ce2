import type { GatewayResponse } from '../http/gateway-response';
import { isJsonObject, malformed } from './json-result';
import { readStatus } from './proxy-result';
import { mergeHeaders, readCookies, readHeaders, readMultiValueHeaders } from './result-headers';

/**
 * Status and headers out of the metadata that a response stream begins with. It is the same for all payload formats.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 *
 * @throws LambdaProxyError `MALFORMED_RESULT`
 */
export function decodeStreamMetadata(metadata: unknown): Pick<GatewayResponse, 'status' | 'headers'> {
  if (!isJsonObject(metadata)) throw malformed('the metadata of its stream is not an object');
  const sources = [readCookies(metadata), readMultiValueHeaders(metadata), readHeaders(metadata)];
  return { status: readStatus(metadata.statusCode), headers: mergeHeaders(sources, true) };
}
