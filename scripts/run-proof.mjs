// Measures tables of what is proved; without names, all of them.
// usage: node scripts/run-proof.mjs [TABLE...]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Tables by the package whose test/proof/main.ts makes them. */
const TABLES = {
  urcu: ['bugs', 'barriers', 'kills', 'structures', 'poisoned', 'grace-periods'],
  tracer: ['ring'],
};

const all = Object.values(TABLES).flat();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`expected tables (${all.join(', ')}), got ${unknown.join(', ')}`);
  process.exit(2);
}
for (const [name, tables] of Object.entries(TABLES)) {
  const wanted = tables.filter((table) => asked.length === 0 || asked.includes(table));
  if (wanted.length === 0) continue;
  const folder = `packages/${name}/test/proof`;
  const parameters = [join(root, 'scripts/run-bundled.mjs'), folder, 'main', ...wanted];
  const { status } = spawnSync(process.execPath, parameters, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
