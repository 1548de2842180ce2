'use strict';

/** What every kind of test shares: TypeScript is only stripped here, `npm run typecheck` checks it. */
const base = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json', diagnostics: false }],
  },
};

const project = (kind) => ({
  ...base,
  displayName: kind,
  testMatch: [`<rootDir>/test/${kind}/**/*.test.ts`],
});

module.exports = {
  projects: ['unit', 'integration', 'conformance', 'package'].map(project),
  // One for each core: with two of them Jest would take one, and the suite twice as long.
  maxWorkers: '100%',
  // A gateway boots and a packed tarball is installed inside a test; the machine may be busy.
  testTimeout: 120_000,
  collectCoverageFrom: ['manifest.ts', 'src/**/*.{ts,js}'],
  coverageDirectory: 'coverage',
};
