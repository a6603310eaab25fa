// Runs a tool on the tarball of each public package, as a user would get it.
// usage: node scripts/packed-packages.mjs pack
//        node scripts/packed-packages.mjs check [--libraries] TOOL [ARGUMENT...]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

const folder = join(root, 'node_modules/.cache/packed');

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, unknown>} [exports]
 */

const packages = readdirSync(join(root, 'packages')).flatMap((directory) => {
  const manifest = /** @type {Manifest} */ (
    JSON.parse(readFileSync(join(root, 'packages', directory, 'package.json'), 'utf8'))
  );
  const { name, version } = manifest;
  const tarball = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  const isLibrary = manifest.exports?.['.'] !== undefined;
  return manifest.private === true ? [] : [{ directory, tarball, isLibrary }];
});

/**
 * @param {string} tool
 * @param {readonly string[]} parameters
 * @param {string} [directory]
 */
function run(tool, parameters, directory = root) {
  const { status } = spawnSync(tool, parameters, {
    cwd: directory,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exitCode = 1;
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'pack') {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { directory } of packages)
    run('pnpm', ['pack', '--pack-destination', folder], join(root, 'packages', directory));
} else {
  const librariesOnly = rest[0] === '--libraries';
  const [tool = '', ...parameters] = librariesOnly ? rest.slice(1) : rest;
  for (const { tarball, isLibrary } of packages)
    if (isLibrary || !librariesOnly) run(tool, [tarball, ...parameters]);
}
