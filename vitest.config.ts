import { defineConfig } from 'vitest/config';

/** Tests and sources see each other's packages as sources: no build is needed to test. */
const conditions = ['rseqlab-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'examples/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'conformance/*/test/**/*.test.ts',
    ],
    environment: 'node',
    allowOnly: false,
    passWithNoTests: false,
    testTimeout: 60_000,
    maxWorkers: '100%',
  },
});
