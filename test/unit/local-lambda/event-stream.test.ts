import { invokeComplete, payloadChunk } from '../../../src/local-lambda/event-stream';
import * as reference from '../../support/event-stream';

describe('the event stream encoding', () => {
  test('is that of the specification, down to the byte', () => {
    // Total length 108 = 12 + 90 + 2 + 4, headers 90 = 27 + 41 + 22; `:event-type` = `PayloadChunk` and so on, each of type 7; payload `hi`.
    expect(payloadChunk(Buffer.from('hi')).toString('latin1')).toBe(
      Buffer.concat([
        Buffer.from('0000006c0000005a', 'hex'),
        reference.payloadChunk('hi').subarray(8, 12),
        Buffer.from('\x0b:event-type\x07\x00\x0cPayloadChunk', 'latin1'),
        Buffer.from('\x0d:content-type\x07\x00\x18application/octet-stream', 'latin1'),
        Buffer.from('\x0d:message-type\x07\x00\x05event', 'latin1'),
        Buffer.from('hi'),
        reference.payloadChunk('hi').subarray(-4),
      ]).toString('latin1'),
    );
  });

  test.each([0, 1, 255, 65_536])('takes %d bytes of payload', (size) => {
    const bytes = Buffer.alloc(size, '\0\xff', 'latin1');
    expect(payloadChunk(bytes).equals(reference.payloadChunk(bytes))).toBe(true);
  });

  test('ends with JSON', () => {
    const end = { ErrorCode: 'Error', ErrorDetails: '{"errorMessage":"ü"}', LogResult: 'bG9n' };
    expect(invokeComplete(end).equals(reference.invokeComplete(end))).toBe(true);
    expect(invokeComplete({}).equals(reference.invokeComplete({}))).toBe(true);
  });
});
