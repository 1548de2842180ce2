import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { replaceFiles } from '../../../src/cli/setup/replace-files';

let folder: string;
let files: readonly { readonly file: string; readonly before: string; readonly after: string }[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'eg-lambda-replace-'));
  files = ['one', 'two'].map((name) => ({
    file: path.join(folder, name),
    before: `${name}\n`,
    after: `${name} after\n`,
  }));
  for (const { file, before } of files) writeFileSync(file, before);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const texts = () => files.map(({ file }) => readFileSync(file, 'utf8'));

test('both are replaced, with their permissions, and nothing else is left', () => {
  chmodSync(files[0]!.file, 0o600);
  replaceFiles(files, (drafts) => {
    expect(drafts.map((draft) => readFileSync(draft, 'utf8'))).toEqual(files.map(({ after }) => after));
  });
  expect(texts()).toEqual(files.map(({ after }) => after));
  expect(statSync(files[0]!.file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['one', 'two']);
});

test('what the check refuses leaves both as they were', () => {
  const refuse = (): never => {
    throw new Error('refused');
  };
  expect(() => {
    replaceFiles(files, refuse);
  }).toThrow('refused');
  expect(texts()).toEqual(files.map(({ before }) => before));
  expect(readdirSync(folder).sort()).toEqual(['one', 'two']);
});

test('where the second cannot be replaced, the first is as it was', () => {
  const second = files[1]!.file;
  expect(() => {
    replaceFiles(files, () => {
      rmSync(second);
      mkdirSync(second);
    });
  }).toThrow(/EISDIR|EPERM|EEXIST/);
  expect(readFileSync(files[0]!.file, 'utf8')).toBe(files[0]!.before);
});
