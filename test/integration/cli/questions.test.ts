import { PassThrough } from 'node:stream';
import { parse } from 'yaml';
import { parseArguments } from '../../../src/cli/arguments';
import { commands } from '../../../src/cli/commands';
import { run } from '../../../src/cli/setup/setup';
import { Terminal } from '../../../src/cli/terminal';
import { GatewayFolder, PLUGIN } from './support';

let gateway: GatewayFolder;
beforeEach(() => {
  gateway = GatewayFolder.ofTemplate('basic');
});
afterEach(() => {
  gateway.remove();
});

/** A terminal at which somebody gives these answers, each to the question that contains the words. */
async function answer(flags: readonly string[], answers: Readonly<Record<string, string>>) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  const left = Object.entries(answers);
  let shown = '';
  let seen = 0;
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const next = left[0];
    if (next && shown.slice(seen).includes(next[0])) {
      seen = shown.length;
      left.shift();
      input.write(`${next[1]}\n`);
    }
  });
  const args = parseArguments(commands.setup, ['--config-dir', gateway.config, '--package', PLUGIN, ...flags]);
  const status = await run(args, new Terminal(input, output, new PassThrough()));
  return { status, shown, unasked: left.map(([question]) => question) };
}

const config = () => parse(gateway.read('gateway.config.yml')) as Record<string, Record<string, object> | null>;

test('it asks for function, path and region, shows what it adds, and asks whether to write it', async () => {
  const answers = {
    'Function to put behind': 'users',
    'Path [/users]': '/people',
    'AWS region': 'eu-west-1',
    'Write this?': '',
  };
  const { status, shown, unasked } = await answer([], answers);
  expect([status, unasked]).toEqual([0, []]);
  expect(shown).toMatch(/\+ +functionName: users/);
  expect(config().apiEndpoints).toEqual({ users: { host: '*', paths: ['/people'] } });
  expect(gateway.read('system.config.yml')).toContain('region: eu-west-1');
});

test('an empty answer is the default', async () => {
  await answer([], { 'Function to put behind': '', 'AWS region': '', 'Write this?': '' });
  expect(config().pipelines).toBeNull();
  expect(gateway.read('system.config.yml')).not.toContain('region:');
});

test('it does not ask for what the flags say', async () => {
  const flags = ['--function', 'users', '--path', '/users', '--region', 'eu-west-1'];
  const { shown, unasked } = await answer(flags, { 'Write this?': 'yes' });
  expect(unasked).toEqual([]);
  expect(shown).not.toMatch(/Function to put|Path \[|AWS region/);
});

test('with no as the answer nothing is written', async () => {
  const before = gateway.read('gateway.config.yml');
  const { status, shown } = await answer([], {
    'Function to put behind': 'users',
    Path: '',
    'AWS region': '',
    'Write this?': 'no',
  });
  expect([status, shown.trimEnd().endsWith('Nothing was written.')]).toEqual([0, true]);
  expect(gateway.read('gateway.config.yml')).toBe(before);
});

test('the end of the input in place of an answer is no answer', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  output.once('data', () => input.end());
  const args = parseArguments(commands.setup, ['--config-dir', gateway.config]);
  await expect(run(args, new Terminal(input, output, new PassThrough()))).rejects.toThrow('nothing was written');
});

test('--yes asks nothing', async () => {
  const { status, shown } = await answer(['--yes'], {});
  expect([status, shown.trimEnd().endsWith('Written.')]).toEqual([0, true]);
  expect(shown).not.toContain('?');
});

test('colours on a terminal, none with NO_COLOR', async () => {
  const escape = '\u001b[32m';
  const coloured = await answer(['--yes', '--dry-run'], {});
  process.env.NO_COLOR = '1';
  const plain = await answer(['--yes', '--dry-run'], {}).finally(() => Reflect.deleteProperty(process.env, 'NO_COLOR'));
  expect([coloured.shown.includes(escape), plain.shown.includes(escape)]).toEqual([true, false]);
});
