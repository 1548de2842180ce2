import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf } from '../../../src/local-lambda/code-fingerprint';

describe('fingerprintOf', () => {
  let folder: string;
  let before: string;
  const at = (name: string): string => join(folder, name);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fingerprint-'));
    mkdirSync(at('lib'));
    mkdirSync(at('node_modules'));
    writeFileSync(at('index.js'), 'old');
    writeFileSync(at('lib/helper.js'), 'old');
    before = await fingerprintOf(folder);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('stays while nothing changes', async () => {
    expect(await fingerprintOf(folder)).toBe(before);
  });

  test.each<[string, () => void]>([
    [
      'a file is written',
      () => {
        writeFileSync(at('index.js'), 'longer');
      },
    ],
    [
      'a file in a folder below is written',
      () => {
        writeFileSync(at('lib/helper.js'), 'longer');
      },
    ],
    [
      'a file gets another date',
      () => {
        utimesSync(at('index.js'), 1, 1);
      },
    ],
    [
      'a file is added',
      () => {
        writeFileSync(at('new.js'), '');
      },
    ],
    [
      'a file is removed',
      () => {
        rmSync(at('lib/helper.js'));
      },
    ],
    [
      'a file takes the place of another',
      () => {
        writeFileSync(at('tmp'), 'new');
        renameSync(at('tmp'), at('index.js'));
      },
    ],
  ])('changes when %s', async (_what, change) => {
    change();
    expect(await fingerprintOf(folder)).not.toBe(before);
  });

  test.each<[string, () => void]>([
    [
      'node_modules',
      () => {
        writeFileSync(at('node_modules/x.js'), '');
      },
    ],
    [
      'hidden files',
      () => {
        writeFileSync(at('.index.js.swp'), '');
      },
    ],
  ])('does not look at %s', async (_what, change) => {
    change();
    expect(await fingerprintOf(folder)).toBe(before);
  });

  test('ends where a link leads back', async () => {
    symlinkSync(folder, at('loop'));
    expect(await fingerprintOf(folder)).not.toBe(before);
  });

  test('of a folder that is not there is empty', async () => {
    expect(await fingerprintOf(at('gone'))).toBe('');
  });
});
