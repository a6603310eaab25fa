import { expect, it } from 'vitest';
import { machineDependence } from '../../src/rules/machine-dependence.js';

const check = (text: string, path = 'README.md'): number =>
  machineDependence([{ path, text }]).length;

it.each([
  'cd /home/ann/rseqlab',
  "const root = '/root/rseqlab';",
  '(/Users/ann/rseqlab)',
  'see /home/notes.md',
  'C:\\Users\\ann\\rseqlab',
])('refuses a path of one machine: %s', (text) => {
  expect(check(text)).toBe(1);
});

it.each([
  'registry=https://registry.example.org/',
  'https://unpkg.com/rseqlab',
  '    tarball: https://example.org/a.tgz',
])('refuses the host of a registry: %s', (text) => {
  expect(check(text, 'pnpm-lock.yaml')).toBe(1);
});

it.each(['a registry.', 'packages/home/list.ts', '../root/list.ts', 'the registry.get call'])(
  'accepts %s',
  (text) => {
    expect(check(text)).toBe(0);
  },
);
