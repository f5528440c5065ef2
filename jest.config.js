const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': '@swc/jest',
    '/node_modules/content-disposition/.+\\.js$': ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  // Node requires this ES module of @fastify/static's by itself; jest cannot, on Node below 24.9.
  transformIgnorePatterns: ['/node_modules/(?!content-disposition/)'],
  extensionsToTreatAsEsm: ['.ts'],
  // TypeScript's nodenext asks for `.js` in imports; under jest the sources are `.ts`.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

/** What is proved against a database is proved against both, by the same files. */
const onDatabase = (kind) => ({
  ...common,
  displayName: kind,
  testMatch: ['<rootDir>/test/*.e2e-spec.ts', '<rootDir>/test/database/*.spec.ts'],
  globals: { TEST_DATABASE_KIND: kind },
});

/** @type {import('jest').Config} */
export default {
  workerIdleMemoryLimit: '512MB',
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/*.spec.ts', '<rootDir>/test/whole/*.spec.ts'],
    },
    onDatabase('sqlite'),
    {
      ...onDatabase('postgres'),
      testMatch: [...onDatabase('postgres').testMatch, '<rootDir>/test/postgres/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
  ],
};
