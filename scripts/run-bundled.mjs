// Bundles programs of a folder together with the packages' sources, then runs the first of them.
// usage: node scripts/run-bundled.mjs FOLDER PROGRAM[,PROGRAM...] [ARGUMENT...]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'tsup';
import { root } from './install.mjs';
import { constantsInlined } from './inline-constants.mjs';
import { constantsKept } from './keep-constants.mjs';
import { fieldsMadePlain } from './plain-fields.mjs';

const [folder = '', programs = '', ...parameters] = process.argv.slice(2);
const names = programs.split(',');
const outDir = join(root, folder, 'dist');

await build({
  entry: names.map((name) => join(root, folder, `${name}.ts`)),
  outDir,
  format: 'esm',
  platform: 'node',
  target: ['node20', 'es2022'],
  noExternal: [/^@rseqlab\//],
  external: librariesOf(join(root, folder)),
  sourcemap: true,
  clean: true,
  silent: true,
  outExtension: () => ({ js: '.js' }),
  config: false,
  plugins: [constantsKept, constantsInlined, fieldsMadePlain],
  esbuildOptions: (options) => {
    options.conditions = ['rseqlab-source', 'module'];
  },
});
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', join(outDir, `${names[0]}.js`), ...parameters],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;

/**
 * What the package that a folder is in depends on, but for the packages here: found where it is installed.
 *
 * @param {string} path
 * @returns {string[]}
 */
function librariesOf(path) {
  const manifest = join(path, 'package.json');
  if (!existsSync(manifest)) return librariesOf(dirname(path));
  /** @type {{ readonly dependencies?: Readonly<Record<string, string>> }} */
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.keys(dependencies).filter((name) => !name.startsWith('@rseqlab/'));
}
