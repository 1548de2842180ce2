import { readPluginSettings, resolveOptions } from '../../options/resolve';
import type { Arguments } from '../arguments';
import type { ExitStatus } from '../command';
import { EXIT } from '../command';
import type { ConfigFiles } from '../config-folder';
import { findConfigFiles } from '../config-folder';
import { Host } from '../host';
import { pluginEntries } from '../plugin-entries';
import type { PluginEntry } from '../plugin-entries';
import type { Terminal } from '../terminal';
import { checked } from '../user-error';
import { changesOf, showChanges, writeChanges } from './changes';
import type { Plan } from './plan';
import { makePlan, packageName } from './plan';
import type { Ask } from './questions';
import { withQuestions } from './questions';
import type { Wishes } from './wishes';
import { readWishes } from './wishes';

/** Adds to the two files of a gateway what it lacks. */
export function run(args: Arguments, terminal: Terminal): Promise<ExitStatus> {
  const files = findConfigFiles(args.text('config-dir'));
  const host = Host.find(files.folder);
  return withQuestions(args.has('yes') ? undefined : terminal, async (ask) => {
    const plan = await planFor(args, files, host, ask, terminal);
    const changes = changesOf(files, plan);
    if (changes.length === 0) return end('Nothing to change.', terminal);
    showChanges(changes, terminal);
    if (args.has('dry-run') || (await isRefused(ask))) return end('Nothing was written.', terminal);
    writeChanges(changes, files, host, plan);
    return end('Written.', terminal);
  });
}

async function planFor(
  args: Arguments,
  files: ConfigFiles,
  host: Host,
  ask: Ask | undefined,
  terminal: Terminal,
): Promise<Plan> {
  const configuration = host.read(files);
  const [entry] = pluginEntries(configuration.system, host);
  const wishes = await readWishes(args, ask, entry !== undefined);
  const plan = makePlan(wishes, configuration, entry);
  checkSettings(wishes, entry);
  const name = packageName(wishes);
  if (!entry && host.resolvePlugin(name) === undefined) {
    terminal.complain(`The gateway does not find ${name} yet: npm install it beside express-gateway.`);
  }
  return plan;
}

/** What the gateway would refuse to start with is refused here. */
function checkSettings({ route, region }: Wishes, entry: PluginEntry | undefined): void {
  checked(() => {
    const pluginSettings = readPluginSettings({ ...entry?.settings, ...(region !== undefined && { region }) });
    if (route) resolveOptions(pluginSettings, route.action, `pipeline ${JSON.stringify(route.pipeline)}, step 1`);
  });
}

async function isRefused(ask: Ask | undefined): Promise<boolean> {
  return ask !== undefined && !/^y/i.test((await ask('Write this?', 'yes')) ?? '');
}

function end(line: string, terminal: Terminal): ExitStatus {
  terminal.print(line);
  return EXIT.ok;
}
