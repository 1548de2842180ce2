import { invocationTypes, parseInvokeHeaders, parsePayload } from '../../../src/local-lambda/invoke-request';

describe('parseInvokeHeaders', () => {
  test('has the defaults of the API', () => {
    expect(parseInvokeHeaders({}, invocationTypes)).toEqual({
      invocationType: 'RequestResponse',
      logType: 'None',
      clientContext: undefined,
      traceId: undefined,
    });
  });

  test('takes the headers', () => {
    const headers = {
      'x-amz-invocation-type': 'DryRun',
      'x-amz-log-type': 'Tail',
      'x-amz-client-context': Buffer.from('{"a":1}').toString('base64'),
      'x-amzn-trace-id': 'Root=1',
    };
    expect(parseInvokeHeaders(headers, invocationTypes)).toEqual({
      invocationType: 'DryRun',
      logType: 'Tail',
      clientContext: '{"a":1}',
      traceId: 'Root=1',
    });
  });
});

describe('parsePayload', () => {
  const complete = (text: string): { complete: true; bytes: Buffer } => ({ complete: true, bytes: Buffer.from(text) });

  test.each(['null', '"text"', '[1]', ' {"a": 1} '])('takes %s as it is', (text) => {
    expect(parsePayload(complete(text), 'RequestResponse')).toBe(text);
  });

  test('makes an empty object of nothing', () => {
    expect(parsePayload(complete(''), 'Event')).toBe('{}');
  });

  test('counts bytes, not characters', () => {
    const body = complete(JSON.stringify('ä'.repeat(1_048_576 / 2)));
    expect(() => parsePayload(body, 'Event')).toThrow(expect.objectContaining({ type: 'RequestTooLargeException' }));
    expect(parsePayload(body, 'RequestResponse')).toHaveLength(1_048_576 / 2 + 2);
  });

  test('refuses what was too large to read', () => {
    expect(() => parsePayload({ complete: false, size: 7_000_000 }, 'DryRun')).toThrow(
      '7000000 byte payload is too large for the DryRun invocation type (limit 6291456 bytes)',
    );
  });
});
