'use strict';

// What stands behind the gateway: a Lambda service and a plain web server in one, as fast as Node can be. It reads no
// more of HTTP than a length, so that little of the core that it shares with the load generator goes into it.
const net = require('node:net');

const SMALL = 'ok';
const LARGE = 'x'.repeat(4 * 1024 * 1024);
const answers = {
  'lambda small': lambdaAnswer(SMALL),
  'lambda large': lambdaAnswer(LARGE),
  'plain small': answer('text/plain', SMALL),
  'plain large': answer('text/plain', LARGE),
};

/** Milliseconds before an answer to a function named `slow`: the uploads of a memory measurement must meet. */
const SLOW = 1_000;

function lambdaAnswer(body) {
  const result = { statusCode: 200, headers: { 'content-type': 'text/plain' }, body };
  return answer('application/json', JSON.stringify(result), 'x-amz-executed-version: $LATEST\r\n');
}

function answer(type, body, headers = '') {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n${headers}content-length: ${body.length}\r\ndate: ${new Date().toUTCString()}\r\n\r\n${body}`,
  );
}

// A measurement that broke off must not leave the process behind.
process.on('disconnect', () => process.exit());
net
  .createServer({ noDelay: true }, (socket) => {
    let head = '';
    let missing = 0;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (missing > 0) {
        missing -= data.length;
      } else {
        head += data.latin1Slice(0, data.length);
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
        missing = length - (head.length - end - 4);
      }
      if (missing > 0) return;
      const reply = answers[`${head.startsWith('POST /2015-03-31/') ? 'lambda' : 'plain'} ${sizeOf(head)}`];
      if (head.includes('/slow')) setTimeout(() => socket.write(reply), SLOW);
      else socket.write(reply);
      head = '';
      missing = 0;
    });
  })
  .listen(0, '127.0.0.1', function listening() {
    process.send({ port: this.address().port });
  });

function sizeOf(head) {
  return head.slice(0, head.indexOf('\r\n')).includes('large') ? 'large' : 'small';
}
