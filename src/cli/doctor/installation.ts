import type { HostConfiguration } from '../host';
import { ownPackage } from '../package-info';
import type { PluginEntry } from '../plugin-entries';
import { POLICY_NAME } from '../plugin-entries';
import type { Finding } from './finding';
import { failed, well } from './finding';

/** What has to be there before any policy can work. */
export function checkInstallation(
  { gateway }: HostConfiguration,
  entries: readonly PluginEntry[],
  isUsed: boolean,
): readonly Finding[] {
  return [
    checkNode(process.versions.node, ownPackage().engines.node),
    ...checkRegistration(entries),
    ...(isUsed ? [checkPolicyList(gateway.policies)] : []),
  ];
}

/** @param range of the form `>=20.19` */
export function checkNode(version: string, range: string): Finding {
  const [wanted = [], found = []] = [range, version].map((text) => text.replace(/^>=/, '').split('.').map(Number));
  const difference = wanted.map((part, index) => (found[index] ?? 0) - part).find((part) => part !== 0) ?? 0;
  return difference < 0 ? failed(`Node.js ${version} is too old: ${range} is needed`) : well(`Node.js ${version}`);
}

function checkRegistration(entries: readonly PluginEntry[]): readonly Finding[] {
  const [entry, second] = entries;
  if (!entry) {
    return [failed('the plugin is not registered under plugins in system.config.yml: npx eg-lambda setup')];
  }
  const { key, package: name, file } = entry;
  const found =
    file === undefined
      ? failed(`plugins.${key}: the gateway does not find the package ${name}: npm install it beside express-gateway`)
      : well(`plugins.${key}: ${name}`);
  return second
    ? [found, failed(`plugins.${second.key} is the same plugin: the last one's settings hold for all; remove one`)]
    : [found];
}

function checkPolicyList(policies: unknown): Finding {
  return Array.isArray(policies) && policies.includes(POLICY_NAME)
    ? well(`${POLICY_NAME} is listed under policies`)
    : failed(`${POLICY_NAME} is not listed under policies in gateway.config.yml: npx eg-lambda setup`);
}
