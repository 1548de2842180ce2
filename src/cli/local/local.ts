import { once } from 'node:events';
import path from 'node:path';
import { startLocalLambda } from '../../local-function-urls';
import type { LocalLambda, LocalLambdaOptions } from '../../local-function-urls';
import type { Arguments } from '../arguments';
import type { ExitStatus } from '../command';
import { EXIT } from '../command';
import type { Terminal } from '../terminal';
import { UserError } from '../user-error';
import { loadEnvFile } from './env-file';
import { readFunctionUrls } from './function-urls';
import { listFunctions } from './functions-in';
import { invocationLine, logLine } from './lines';

const DEFAULT_FOLDER = 'functions';
const DEFAULT_PORT = 9001;

/** Runs the local Lambda until it is interrupted. */
export async function run(args: Arguments, terminal: Terminal): Promise<ExitStatus> {
  const folder = args.operand ?? DEFAULT_FOLDER;
  const timeout = args.number('timeout', 0.001, 900);
  const envFile = args.text('env');
  if (envFile !== undefined) loadEnvFile(envFile);
  const interrupted = signalled();
  const lambda = await start({
    folder,
    port: args.number('port', 0, 65_535) ?? DEFAULT_PORT,
    ...(timeout !== undefined && { timeout }),
    functionUrls: readFunctionUrls(args.list('function-url')),
    log: (line) => {
      const shown = logLine(line);
      if (shown !== undefined) terminal.print(terminal.style('dim', shown));
    },
    onInvocation: (summary) => {
      terminal.print(
        terminal.style(summary.error === undefined ? 'green' : 'red', invocationLine(summary, new Date())),
      );
    },
  });
  await introduce(folder, lambda, terminal);
  await interrupted;
  await lambda.close();
  return EXIT.ok;
}

/** Taken from the beginning on: a signal during the start must not leave workers behind. */
function signalled(): Promise<unknown> {
  return Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
}

async function start(options: LocalLambdaOptions): Promise<LocalLambda> {
  try {
    return await startLocalLambda(options);
  } catch (error) {
    // Its errors are one line each, for whoever chose the options.
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

async function introduce(folder: string, lambda: LocalLambda, terminal: Terminal): Promise<void> {
  const functions = await listFunctions(path.resolve(folder));
  terminal.print(`Local Lambda at ${lambda.url}`);
  terminal.print(`Functions: ${functions.length > 0 ? functions.join(', ') : `none yet in ${path.resolve(folder)}`}`);
  terminal.print();
  terminal.print('Point a gateway at it, by its environment or by the setting `endpoint`:');
  terminal.print(`  AWS_ENDPOINT_URL_LAMBDA=${lambda.url}`);
  terminal.print(`  endpoint: ${lambda.url}`);
  for (const [name, url] of Object.entries(lambda.functionUrls)) terminal.print(`  functionUrl: ${url}  (${name})`);
  terminal.print();
}
