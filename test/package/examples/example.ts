import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../support/eventually';
import { unusedPort } from '../../support/lambda-endpoint';

export const ROOT = path.join(__dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: { example: string };
};

export const readmeOf = (name: string): string => readFileSync(path.join(ROOT, 'examples', name, 'README.md'), 'utf8');

/**
 * Does what an example's README says, on ports of its own: starts it, runs all commands in their order, and expects the
 * output and the lines of the log that it shows. `…` stands for what differs from run to run.
 */
export async function expectAsReadmeSays(name: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const blocks = blocksOf(await withPortsOfItsOwn(`${DEFAULT_PORTS}${readmeOf(name)}`));
  const [defaults, ...starts] = blocks.flatMap(({ text }) => START.exec(text)?.[1] ?? []);
  const steps = stepsOf(blocks);
  const gateways = starts.map((own) => startGateway(name, { ...env, ...variables(defaults), ...variables(own) }));
  try {
    // Otherwise nothing would be compared.
    expect(steps.filter(({ output }) => output !== '')).not.toEqual([]);
    await Promise.all(gateways.map(({ isUp }) => isUp));
    for (const { commands, output } of steps) {
      expect(await shell(commands)).toMatch(new RegExp(`^${patternOf(output)}$`));
    }
    for (const line of blocks.filter(({ language }) => language === 'log')) {
      await eventually(() => gateways.some(({ output }) => new RegExp(patternOf(line.text)).test(output.text)));
    }
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.close()));
  }
}

/** `PORT=8081 npm run example name` */
const START = /^((?:[A-Z_]+=\S+ )*)npm run example \S+$/;

/** Ports that an example has when its README names none. */
const DEFAULT_PORTS = '```sh\nPORT=8080 ADMIN_PORT=9876 npm run example any\n```\n';

interface Block {
  readonly language: string;
  readonly text: string;
}

function blocksOf(readme: string): readonly Block[] {
  return [...readme.matchAll(/^```(\w+)\n(.*?)\n```/gms)].map(([, language = '', text = '']) => ({ language, text }));
}

/** Commands, each with the block of text behind them if that is the next one. */
function stepsOf(blocks: readonly Block[]) {
  return blocks.flatMap(({ language, text: commands }, i) => {
    const next = blocks[i + 1];
    const output = next?.language === 'text' ? next.text : '';
    return language === 'sh' && !START.test(commands) ? [{ commands, output }] : [];
  });
}

/** The same port for the same port. */
async function withPortsOfItsOwn(text: string): Promise<string> {
  const pattern = /(?<=localhost:|PORT=)\d+/g;
  const ports = new Map<string, string>();
  for (const [port] of text.matchAll(pattern)) {
    if (!ports.has(port)) ports.set(port, String(await unusedPort()));
  }
  return text.replace(pattern, (port) => ports.get(port) ?? port);
}

function variables(assignments = ''): Record<string, string> {
  return Object.fromEntries([...assignments.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
}

function patternOf(shown: string): string {
  return shown.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '.*');
}

/** Runs what `npm run example` runs, without the environment that Jest makes. */
function startGateway(name: string, env: Readonly<Record<string, string>>) {
  const [command = '', ...args] = scripts.example.split(' ');
  const child = spawn(command, [...args, name], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: undefined, NODE_OPTIONS: undefined, ...env },
  });
  const closed = once(child, 'close');
  const output = { text: '' };
  const isUp = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output.text += text;
        if (output.text.includes('The gateway is up')) resolve();
      });
    }
    child.once('close', () => {
      reject(new Error(`the example ${name} ended\n${output.text}`));
    });
  });
  return {
    isUp,
    output,
    close: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Standard output of commands of which none may fail. */
function shell(commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('sh', ['-ec', commands], { cwd: ROOT }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${commands}\n${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout.trimEnd());
    });
  });
}
