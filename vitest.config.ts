import { defineConfig } from 'vitest/config';
import { importsBound } from './scripts/bind-imports.mjs';

/** Tests and sources see each other's packages as sources: no build is needed to test. */
const conditions = ['rseqlab-source', 'module', 'node', 'development|production'];

export default defineConfig({
  plugins: [importsBound],
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
    setupFiles: ['scripts/property-seed.mjs'],
    // Test files that run in one worker share modules; none may leave anything behind in them.
    isolate: false,
    allowOnly: false,
    passWithNoTests: false,
    // Against hanging only: a busy machine is no failure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: '100%',
  },
});
