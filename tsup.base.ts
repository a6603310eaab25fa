import { defineConfig, type Options } from 'tsup';
import { constantsInlined } from './scripts/inline-constants.mjs';
import { constantsKept } from './scripts/keep-constants.mjs';
import { fieldsMadePlain } from './scripts/plain-fields.mjs';

const shared: Options = {
  format: 'esm',
  target: ['node20', 'es2022'],
  sourcemap: true,
  clean: true,
  silent: true,
  plugins: [constantsKept, constantsInlined, fieldsMadePlain],
};

/** Build of a library package: its one door, with types. */
export const libraryBuild = defineConfig({
  ...shared,
  entry: ['src/index.ts'],
  platform: 'neutral',
  // tsup 8 passes `baseUrl` to the declaration build, which TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
});

/** Build of a package that is a command and exports nothing: its main and the threads it works in. */
export const commandBuild = defineConfig({
  ...shared,
  entry: ['src/main.ts', 'src/worker-main.ts', 'src/unit-worker-main.ts'],
  platform: 'node',
});
