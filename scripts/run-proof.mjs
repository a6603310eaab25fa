// Measures tables of what is proved; without names, all of them. Options are for the programs that make the tables.
// usage: node scripts/run-proof.mjs [TABLE...] [--OPTION...]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Tables by the package whose test/proof/main.ts makes them, and the threads that it works in, if there are any. */
const TABLES = {
  urcu: ['bugs', 'barriers', 'kills', 'structures', 'poisoned', 'grace-periods', 'signals'],
  tracer: ['ring'],
  cli: ['lkmm'],
};

const THREADS = new Map([['cli', 'lkmm-worker']]);

const all = Object.values(TABLES).flat();
const parameters = process.argv.slice(2);
const firstOption = parameters.findIndex((parameter) => parameter.startsWith('--'));
const asked = firstOption < 0 ? parameters : parameters.slice(0, firstOption);
const options = parameters.slice(asked.length);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`expected tables (${all.join(', ')}), got ${unknown.join(', ')}`);
  process.exit(2);
}
for (const [name, tables] of Object.entries(TABLES)) {
  const wanted = tables.filter((table) => asked.length === 0 || asked.includes(table));
  if (wanted.length === 0) continue;
  const folder = `packages/${name}/test/proof`;
  const programs = ['main', THREADS.get(name)].filter((program) => program !== undefined).join();
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'scripts/run-bundled.mjs'), folder, programs, ...wanted, ...options],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 1);
}
