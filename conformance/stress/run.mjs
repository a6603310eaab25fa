// `npm run stress`: bundles the stress test together with the packages' sources, then runs them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entry: [here('main.ts')],
  outDir: here('dist'),
  format: 'esm',
  platform: 'node',
  target: ['node20', 'es2022'],
  noExternal: [/^@rseqlab\//],
  sourcemap: true,
  clean: true,
  silent: true,
  outExtension: () => ({ js: '.js' }),
  config: false,
  esbuildOptions: (options) => {
    options.conditions = ['rseqlab-source', 'module'];
  },
});
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', here('dist/main.js'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
