// One jest configuration for every project: `--rootDir` says which one runs.
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/fixtures/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': here('./tools/jest/transform.cjs') },
  testEnvironment: here('./tools/jest/environment.cjs'),
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  reporters: ['default', here('./tools/jest/count-reporter.cjs')],
  testTimeout: 60_000,
  maxWorkers: 2,
};
