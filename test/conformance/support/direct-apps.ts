import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** The apps of test/conformance/functions, each served over HTTP without gateway and Lambda. */
export interface DirectApps {
  /** Port of the app that the function of this name runs. */
  readonly ports: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

const SCRIPT = path.join(__dirname, '../functions/apps/serve.cjs');

/** Starts them in a process of their own, as they would run. */
export async function serveAppsDirectly(): Promise<DirectApps> {
  const child = fork(SCRIPT, { execArgv: [], env: { ...process.env, NODE_OPTIONS: undefined }, silent: true });
  let printed = '';
  // Express prints the errors that an app throws on purpose; they are of interest only when nothing else works.
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const exited = once(child, 'exit');
  const failed = exited.then(() => Promise.reject(new Error(`The apps could not be served directly\n${printed}`)));
  const [ports] = (await Promise.race([once(child, 'message'), failed])) as [DirectApps['ports']];
  return {
    ports,
    async close() {
      failed.catch(() => undefined);
      child.disconnect();
      await exited;
    },
  };
}
