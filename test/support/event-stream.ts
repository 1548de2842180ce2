import { crc32 } from 'node:zlib';

/**
 * Encodes one message of `application/vnd.amazon.eventstream`: lengths, their checksum, headers, payload, checksum.
 * Written out here so that what the SDK decodes was not encoded by the SDK.
 */
export function encodeMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(12 + head.length + payload.length + 4, 0);
  prelude.writeUInt32BE(head.length, 4);
  const message = Buffer.concat([prelude, checksum(prelude), head, payload]);
  return Buffer.concat([message, checksum(message)]);
}

/** One name and one value of type 7, a string. */
function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([7]), length, valueBytes]);
}

function checksum(bytes: Buffer): Buffer {
  const result = Buffer.alloc(4);
  result.writeUInt32BE(crc32(bytes));
  return result;
}

/** The event that carries a piece of the function's answer. */
export function payloadChunk(bytes: string | Uint8Array): Buffer {
  const headers = {
    ':event-type': 'PayloadChunk',
    ':content-type': 'application/octet-stream',
    ':message-type': 'event',
  };
  return encodeMessage(headers, Buffer.from(bytes as Uint8Array));
}

/** The event that ends a streamed invocation, with the error the function ran into later, if any. */
export function invokeComplete(fields: Readonly<Record<string, string>> = {}): Buffer {
  const headers = { ':event-type': 'InvokeComplete', ':content-type': 'application/json', ':message-type': 'event' };
  return encodeMessage(headers, Buffer.from(JSON.stringify(fields)));
}

/** An exception inside the stream, after the HTTP head said 200. */
export function streamException(name: string, message: string): Buffer {
  const headers = { ':exception-type': name, ':content-type': 'application/json', ':message-type': 'exception' };
  return encodeMessage(headers, Buffer.from(JSON.stringify({ message })));
}
