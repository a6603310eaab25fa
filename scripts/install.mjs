// Installs the dependencies with pnpm, which needs nothing but npm's npx; plain Node, no imports
// from node_modules, because it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '..');

const stamp = join(root, 'node_modules', '.installed');

/** What an installation depends on, as one hash. */
function fingerprint() {
  const manifests = ['packages', 'conformance', '.']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
        .map((entry) => join(folder, entry.name, 'package.json')),
    )
    .sort();
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests])
    if (existsSync(join(root, file)))
      hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Whether node_modules is what the lockfile says, as far as a stamp can tell. */
function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

/**
 * Installs what the lockfile names, unless it is installed already.
 *
 * @returns {boolean} false when the installation failed; its own output says why.
 */
export function ensureInstalled() {
  if (isInstalled()) return true;
  const { status } = spawnSync(
    'npx',
    ['--yes', 'pnpm@10', 'install', '--frozen-lockfile', '--prefer-offline'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      // Without a terminal pnpm asks nothing and replaces a stale node_modules only under CI.
      env: { ...process.env, CI: 'true' },
    },
  );
  if (status !== 0) return false;
  writeFileSync(stamp, fingerprint());
  return true;
}
