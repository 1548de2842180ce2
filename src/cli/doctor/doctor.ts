import path from 'node:path';
import { ConfigurationError } from '../../errors/configuration-error';
import type { ResolvedOptions } from '../../options/definitions';
import { policySteps } from '../../options/place';
import { readPluginSettings, resolveOptions } from '../../options/resolve';
import type { Arguments } from '../arguments';
import type { ExitStatus } from '../command';
import { findConfigFiles } from '../config-folder';
import { Host } from '../host';
import { POLICY_NAME, pluginEntries } from '../plugin-entries';
import type { Terminal } from '../terminal';
import { AwsChecks } from './aws-checks';
import type { Finding } from './finding';
import { failed, notChecked } from './finding';
import { checkInstallation } from './installation';
import { Report } from './report';
import { effectiveSettings } from './settings';

/** Looks at everything that a gateway needs for its lambda-proxy policies, and says what is wrong. */
export async function run(args: Arguments, terminal: Terminal): Promise<ExitStatus> {
  const files = findConfigFiles(args.text('config-dir'));
  const host = Host.find(files.folder);
  const configuration = host.read(files);
  const entries = pluginEntries(configuration.system, host);
  const steps = policySteps({ gatewayConfig: configuration.gateway }, POLICY_NAME);
  const report = new Report(terminal);
  report.section(path.relative('', files.folder) || '.');
  report.add(...checkInstallation(configuration, entries, steps.length > 0));
  const plugin = orFailed(report, {}, () => readPluginSettings(entries.at(-1)?.settings ?? {}));
  const checks = args.has('offline') ? undefined : new AwsChecks(report.logger);
  for (const step of steps) {
    report.section(step.place);
    const options = orFailed(report, undefined, () => resolveOptions(plugin, step.action, step.place));
    if (!options) continue;
    report.settings(effectiveSettings(step.action, plugin, options, args.has('all')));
    report.add(...(await checkPolicy(options, checks)));
  }
  return report.conclude(steps.length);
}

/** What `read` gives, or, after its message was reported, what stands for it: one policy's fault must not hide the next. */
function orFailed<T>(report: Report, instead: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    report.add(failed(error.message));
    return instead;
  }
}

async function checkPolicy(options: ResolvedOptions, checks: AwsChecks | undefined): Promise<readonly Finding[]> {
  if (!checks) return [notChecked('AWS (--offline)')];
  return options.functionUrl === undefined ? checks.check(options) : checks.checkEndpoint(options);
}
