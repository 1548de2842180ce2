'use strict';

/**
 * Runs an example: the gateway with the example's configuration and, where the example has functions, the local Lambda
 * with these. No AWS account, no set-up: `npm start` is the quick start, `npm run example streaming` another one.
 * `PORT` and `ADMIN_PORT` change the ports.
 */
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const [, , name = ''] = process.argv;
const folder = path.join(__dirname, name);

async function main() {
  if (!fs.existsSync(path.join(folder, 'config'))) throw new Error(`Which example? One of: ${examples().join(', ')}`);
  const port = Number((process.env.PORT ||= '8080'));
  if (!(port > 0 && port < 65_536)) throw new Error('PORT must be a number from 1 to 65535');
  await expectFree(port);
  if (fs.existsSync(path.join(folder, 'functions'))) await startFunctions();
  // Otherwise Express shows clients the stack of what it refuses itself, a malformed path for instance.
  process.env.NODE_ENV ??= 'production';
  // The gateway says what it loads; of that only warnings and failures matter here.
  process.env.LOG_LEVEL ??= 'warn';
  await require('express-gateway')().load(path.join(folder, 'config')).run();
  console.log(`\nThe gateway is up. Try:\n\n${indented(commandsOfReadme())}\n`);
  console.log(`What they show is in examples/${name}/README.md.`);
}

function examples() {
  return fs.readdirSync(__dirname).filter((entry) => fs.existsSync(path.join(__dirname, entry, 'config')));
}

/** The gateway would end with a stack trace where a port is taken. */
function expectFree(port) {
  const command = name === 'quick-start' ? 'npm start' : `npm run example ${name}`;
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error) => {
      const why = error.code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${error.code ?? error.message})`;
      reject(new Error(`Port ${port} ${why}. Choose another one: PORT=8090 ${command}`));
    });
    probe.listen(port, 'localhost', () => probe.close(resolve));
  });
}

/** The plugin finds the local Lambda where the AWS SDK looks for an endpoint: the configuration says nothing of it. */
async function startFunctions() {
  const { startLocalLambda } = require('express-gateway-plugin-lambda/local-lambda');
  const optionsFile = path.join(folder, 'local-lambda.json');
  const lambda = await startLocalLambda({
    folder: path.join(folder, 'functions'),
    log: (line) => console.log(line),
    ...(fs.existsSync(optionsFile) && require(optionsFile)),
  });
  process.env.AWS_ENDPOINT_URL_LAMBDA = lambda.url;
  // Whatever this machine's AWS configuration says: sample functions are never looked for in somebody's account.
  process.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = 'false';
  for (const [functionName, url] of Object.entries(lambda.functionUrls)) {
    process.env[`FUNCTION_URL_${functionName.toUpperCase()}`] = url;
  }
}

/** The shell commands of the example's README but for those that start it, with the ports of this run. */
function commandsOfReadme() {
  const ports = { 8080: process.env.PORT, 9876: process.env.ADMIN_PORT ?? '9876' };
  const readme = fs.readFileSync(path.join(folder, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].map(([, commands]) => commands.trim());
  return blocks
    .filter((commands) => !/\bnpm (start|run)\b/.test(commands))
    .join('\n')
    .replace(/(?<=localhost:)(8080|9876)\b/g, (port) => ports[port]);
}

function indented(text) {
  return text.replace(/^(?=.)/gm, '  ');
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
