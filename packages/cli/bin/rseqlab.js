#!/usr/bin/env node
// Committed, unlike dist: package managers link a command only if its file exists at install time.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.exitCode = 2;
  console.error(
    'rseqlab: expected the command to be built, as `npm run demo` and `npm test` do, got no dist',
  );
}
