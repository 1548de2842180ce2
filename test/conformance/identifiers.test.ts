import { startTable, type Row, type Table } from './support/table';

const CLIENT_TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

const rows: readonly (Row & { readonly traceId: RegExp })[] = (['1.0', '2.0'] as const).flatMap((format) => [
  {
    name: `${format}: ids made here`,
    source: 'localstack test_invocation_trace_id, and every REST snapshot of aws-lambda-dotnet (recorded)',
    settings: { payloadFormatVersion: format },
    traceId: /^Root=1-[\da-f]{8}-[\da-f]{24}$/,
  },
  {
    name: `${format}: the trace id of the client`,
    source: 'localstack test_invocation_trace_id (recorded)',
    request: { headers: [['X-Amzn-Trace-Id', CLIENT_TRACE] as const] },
    settings: { payloadFormatVersion: format },
    traceId: new RegExp(`^${CLIENT_TRACE}`),
  },
  {
    name: `${format}: not those of the function`,
    source: 'decision of this project: every answer carries the ids of the event',
    lambda: { result: { statusCode: 200, headers: { 'X-Amzn-RequestId': 'mine', 'x-amzn-trace-id': 'mine' } } },
    settings: { payloadFormatVersion: format },
    traceId: /^Root=1-/,
  },
]);

describe('one request is known by the same ids everywhere', () => {
  let table: Table | undefined;
  beforeAll(async () => {
    table = await startTable(rows, {});
  });
  afterAll(async () => {
    await table?.close();
  });

  test.each(rows)('$name', async (row) => {
    const { event, response } = await table!.run(row);
    const { 'X-Amzn-Trace-Id': traceId = event.headers['x-amzn-trace-id'] } = event.headers;
    expect(traceId).toMatch(row.traceId);
    expect(response.all('X-Amzn-Trace-Id')).toEqual([traceId]);
    expect(response.all('x-amzn-RequestId')).toEqual([event.requestContext.requestId]);
  });
});
