const WELL_FORMED = /^(?=.*?\bRoot=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;|$))[\x21-\x7e]{1,256}$/i;

/**
 * The header that continues a trace in Lambda. A client's value goes into the event whatever it is; onto the call to AWS
 * only when it is what X-Ray defines, so that nobody's header can make the call fail.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceHeader(traceId: string): Readonly<Record<string, string>> {
  return WELL_FORMED.test(traceId) ? { 'x-amzn-trace-id': traceId } : {};
}
