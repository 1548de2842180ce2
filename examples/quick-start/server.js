'use strict';

/**
 * A gateway with sample functions on the local Lambda: `npm start`. No AWS account, no Redis, no set-up.
 * `PORT` changes the port.
 */
const net = require('node:net');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const port = Number(process.env.PORT || 8080);

async function main() {
  if (!(port > 0 && port < 65_536)) throw new Error('PORT must be a number from 1 to 65535');
  await expectFree(port);
  const { startLocalLambda } = require('../../dist/src/local-lambda');
  const lambda = await startLocalLambda({
    folder: path.join(__dirname, 'functions'),
    timeouts: { clock: 30 },
    log: (line) => console.log(line),
  });
  Object.assign(process.env, { PORT: String(port), LOCAL_LAMBDA_URL: lambda.url, PLUGIN_PACKAGE: ROOT });
  // Otherwise Express shows clients the stack of what it refuses itself, a malformed path for instance.
  process.env.NODE_ENV ??= 'production';
  // The gateway says what it loads; of that only warnings and failures matter here.
  process.env.LOG_LEVEL ??= 'warn';
  await require('express-gateway')().load(path.join(__dirname, 'config')).run();
  console.log(describeUrls());
}

/** The gateway would end with a stack trace where a port is taken. */
function expectFree(port) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error) => {
      const why = error.code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${error.code ?? error.message})`;
      reject(new Error(`Port ${port} ${why}. Choose another one: PORT=8090 npm start`));
    });
    probe.listen(port, 'localhost', () => probe.close(resolve));
  });
}

function describeUrls() {
  const base = `http://localhost:${port}`;
  return `
The gateway is up. Try:

  curl ${base}/hello                  JSON
  curl ${base}/page                   an HTML page; open it in a browser
  curl -o image.png ${base}/image.png a PNG image
  curl ${base}/echo/any/path?a=1      the event that a function gets
  curl -N ${base}/clock               server-sent events, one per second
  curl -i ${base}/throws              a function that throws

The functions are in examples/quick-start/functions: change one and ask again.
`;
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
