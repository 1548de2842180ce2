import { crc32 } from 'node:zlib';

/**
 * The messages of `application/vnd.amazon.eventstream` in the order of their fields: total length, length of the headers,
 * checksum of the two, headers, payload, checksum of all before:
 * https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html and
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
const lengthsSize = 8;
const checksumSize = 4;

/** The only type of header value that the Invoke API uses. */
const stringType = 7;

/** The end of a streamed invocation, as the API model has it: `InvokeWithResponseStreamCompleteEvent`. */
export interface InvokeComplete {
  readonly ErrorCode?: string;
  readonly ErrorDetails?: string;
  readonly LogResult?: string;
}

/** A piece of the function's output. */
export function payloadChunk(bytes: Uint8Array): Buffer {
  return encodeEvent('PayloadChunk', 'application/octet-stream', bytes);
}

export function invokeComplete(end: InvokeComplete): Buffer {
  return encodeEvent('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(end)));
}

function encodeEvent(eventType: string, contentType: string, payload: Uint8Array): Buffer {
  const headers = Buffer.concat([
    encodeHeader(':event-type', eventType),
    encodeHeader(':content-type', contentType),
    encodeHeader(':message-type', 'event'),
  ]);
  const lengths = Buffer.alloc(lengthsSize);
  lengths.writeUInt32BE(lengthsSize + checksumSize + headers.length + payload.length + checksumSize, 0);
  lengths.writeUInt32BE(headers.length, 4);
  const message = Buffer.concat([lengths, checksum(lengths), headers, payload]);
  return Buffer.concat([message, checksum(message)]);
}

function encodeHeader(name: string, value: string): Buffer {
  const valueLength = Buffer.alloc(2);
  valueLength.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.of(Buffer.byteLength(name)),
    Buffer.from(name),
    Buffer.of(stringType),
    valueLength,
    Buffer.from(value),
  ]);
}

function checksum(bytes: Buffer): Buffer {
  const result = Buffer.alloc(checksumSize);
  result.writeUInt32BE(crc32(bytes));
  return result;
}
