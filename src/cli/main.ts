#!/usr/bin/env node
import { run } from './run';
import { Terminal } from './terminal';

// Once is enough: the README says what the SDK supports.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// `eg-lambda … | head`: the reader has seen enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

void run(process.argv.slice(2), new Terminal(process.stdin, process.stdout, process.stderr)).then((status) => {
  // Not left to an empty event loop: connections to AWS are kept alive for a while.
  process.stdout.write('', () => process.exit(status));
});
