import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from '../../../src/cli/command';
import { commands } from '../../../src/cli/commands';
import { ROOT } from '../../support/gateway-config';
import { runCommand } from './support';

const table: readonly (readonly [string, Command])[] = Object.entries(commands);
const run = (...args: readonly string[]) => runCommand(args, { cwd: ROOT });
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  bin: Record<string, string>;
};

test.each([[[]], [['--help']], [['-h']], [['help']]])('%j lists every command', async (args) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stderr]).toEqual([0, '']);
  for (const [name, { summary }] of table)
    expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 20)}`, 'm'));
});

test.each(table)('%s --help lists every option', async (name, { flags }) => {
  const { code, stdout, stderr } = await run(name, '--help');
  expect([code, stderr, stdout.startsWith(`Usage: eg-lambda ${name}`)]).toEqual([0, '', true]);
  for (const [flag, { summary }] of Object.entries(flags)) {
    expect(stdout.split('\n').find((line) => line.startsWith(`  --${flag} `))).toContain(summary);
  }
});

test('--version', async () => {
  expect(await run('--version')).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('the package offers it as eg-lambda', () => {
  const file = manifest.bin['eg-lambda'] ?? '';
  expect(readFileSync(path.join(ROOT, file), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('an unknown command, in one line, and exit status 2', async () => {
  expect(await run('seutp')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'eg-lambda: no such command "seutp"; there are setup, local, doctor, invoke\n',
  });
});

test('an unknown option, in one line, and exit status 2', async () => {
  expect(await run('doctor', '--al')).toEqual({ code: 2, stdout: '', stderr: "eg-lambda: Unknown option '--al'\n" });
});

test('help loads neither the SDK nor the plugin', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'eg-lambda-help-'));
  const spy = path.join(folder, 'spy.cjs');
  writeFileSync(spy, "process.on('exit', () => console.error(Object.keys(require.cache).join('\\n')));");
  const { stderr } = await runCommand(['setup', '--help'], { cwd: ROOT, execArgv: ['--require', spy] });
  rmSync(folder, { recursive: true });
  const loaded = stderr
    .trim()
    .split('\n')
    .map((file) => path.relative(ROOT, file));
  expect(loaded).toContain(path.join('dist', 'src', 'cli', 'main.js'));
  expect(loaded.filter((file) => file.startsWith('node_modules') || /dist.src.(?!cli|errors)/.test(file))).toEqual([]);
});

test('a fault of its own is one line; EG_LAMBDA_DEBUG shows the stack', async () => {
  // A file where the host wants a folder is nothing that the command expects.
  const breaking =
    'data:text/javascript,import fs from "node:fs"; fs.existsSync = () => { throw new Error("broken"); };';
  const execArgv = [
    '--import',
    `${breaking} import { syncBuiltinESMExports } from "node:module"; syncBuiltinESMExports();`,
  ];
  const short = await runCommand(['doctor'], { cwd: ROOT, execArgv });
  expect(short).toEqual({
    code: 1,
    stdout: '',
    stderr: 'eg-lambda: broken (unexpected; EG_LAMBDA_DEBUG=1 shows the stack)\n',
  });
  const long = await runCommand(['doctor'], { cwd: ROOT, execArgv, env: { EG_LAMBDA_DEBUG: '1' } });
  expect(long.stderr).toMatch(/^eg-lambda: Error: broken\n {4}at /);
});
