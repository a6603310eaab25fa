import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

function flagsIn(path: string): readonly string[] {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  return text.match(/--[a-z-]+=\d+/g) ?? [];
}

it('contestants run under the flags of the command', () => {
  const flags = flagsIn('packages/cli/src/engine-flags.ts');
  expect(flags.length).toBeGreaterThan(0);
  expect(flagsIn('bench/measure/engine-flags.ts')).toEqual(flags);
});
