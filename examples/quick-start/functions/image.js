'use strict';

const { crc32, deflateSync } = require('node:zlib');

const SIZE = 64;

/** Answers with a PNG image. Binary bodies travel as base64; the gateway recognises the type by the bytes. */
exports.handler = async () => ({
  statusCode: 200,
  body: squareFromRedToBlue().toString('base64'),
  isBase64Encoded: true,
});

/** https://www.w3.org/TR/png-3/#5DataRep */
function squareFromRedToBlue() {
  const rows = Array.from({ length: SIZE }, () => [0, ...Array.from({ length: SIZE }, (_, x) => pixel(x)).flat()]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2], 8); // eight bits each of red, green and blue
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function pixel(x) {
  const blue = Math.round((255 * x) / (SIZE - 1));
  return [255 - blue, 0, blue];
}

function chunk(type, data) {
  const typeAndData = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4 + typeAndData.length + 4);
  frame.writeUInt32BE(data.length, 0);
  typeAndData.copy(frame, 4);
  frame.writeUInt32BE(crc32(typeAndData), 4 + typeAndData.length);
  return frame;
}
