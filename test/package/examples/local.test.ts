import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, expectAsReadmeSays, readmeOf } from './example';

test.each(['several-functions', 'auth', 'streaming', 'custom-integration', 'function-url'])(
  '%s does what its README shows',
  async (name) => {
    await expectAsReadmeSays(name);
  },
);

test('an example that does not exist ends in one line that names those that do', () => {
  const { status, stderr } = spawnSync('node', ['examples/run.js', 'nothing'], { cwd: ROOT, encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^Which example\? One of: .*quick-start.*streaming\n$/)]);
});

test("the README's table has every example that `npm run example` runs", () => {
  const folders = readdirSync(path.join(ROOT, 'examples'));
  const examples = folders.filter(
    (name) => existsSync(path.join(ROOT, 'examples', name, 'README.md')) && readmeOf(name).includes('npm run example'),
  );
  const [, table = ''] = /^## Examples\n(.*?)^## /ms.exec(readFileSync(path.join(ROOT, 'README.md'), 'utf8')) ?? [];
  const listed = [...table.matchAll(/^\| \[([a-z-]+)\]\(examples\/\1\/README\.md\)/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(examples.sort());
});
