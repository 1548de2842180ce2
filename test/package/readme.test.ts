import { readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue, type ErrorCode } from '../../src/errors/catalogue';
import { settingsTable } from '../../src/options/table';

// The formatter aligns tables; that says nothing.
const readme = readFileSync(path.join(__dirname, '../../README.md'), 'utf8').replace(/ {2,}/g, ' ');

test('the settings table is that of the code (npm run docs writes it)', () => {
  const [, table] = /<!-- settings -->\n\n([\s\S]*?)\n\n<!-- \/settings -->/.exec(readme) ?? [];
  expect(table).toBe(settingsTable().replace(/ {2,}/g, ' '));
});

test.each(Object.keys(catalogue) as ErrorCode[])('the failure %s is explained, with its status', (code) => {
  const { status } = catalogue[code];
  const text =
    typeof status === 'object'
      ? `${status.rest}, 2.0: ${status.http}`
      : status === 'unhandledStatus'
        ? '`unhandledStatus`'
        : String(status);
  const retry = 'retryAfter' in catalogue[code] ? ', `Retry-After`' : '';
  expect(readme).toContain(`| \`${code}\` | ${text}${retry} | `);
});

test('no failure is explained that does not exist', () => {
  const explained = [...readme.matchAll(/^\| `([A-Z_]+)` \| /gm)].map(([, code]) => code);
  expect(explained.sort()).toEqual(Object.keys(catalogue).sort());
});

test('the set-up commands stand on lines of their own', () => {
  expect(readme).toMatch(/^npm ci && npm start$/m);
  expect(readme).toMatch(/^npm ci && npm test$/m);
});

test('the files that it links to exist', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect(() => readFileSync(path.join(__dirname, '../..', link))).not.toThrow(/ENOENT/);
});
