import { optionRows } from './definitions';

/** The settings table of the README, in Markdown. */
export function settingsTable(): string {
  const rows = optionRows.map(([name, { kind, level, default: fallback, summary }]) => [
    `\`${name}\``,
    level === 'both' ? 'plugin, policy' : 'policy',
    kind.expected,
    describeDefault(fallback),
    summary,
  ]);
  const header = ['Setting', 'Level', 'Values', 'Default', 'Meaning'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function describeDefault(fallback: unknown): string {
  if (fallback === undefined) return '';
  return `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``;
}
