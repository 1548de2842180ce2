import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { trustedAuthorities } from '../../../src/aws/trusted-authorities';
import { ConfigurationError } from '../../../src/errors/configuration-error';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'ca-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

// It was read when the settings were checked, and may be gone by the time of a reload.
test.each(['nowhere.pem', ''])('a file that cannot be read is named: %p', (name) => {
  const caFile = path.join(dir, name);
  const read = () => trustedAuthorities(caFile);
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(`caFile ${JSON.stringify(caFile)} must be a readable PEM file of certificates`);
});
