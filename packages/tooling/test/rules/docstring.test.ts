import { expect, it } from 'vitest';
import { docstring } from '../../src/rules/docstring.js';

const path = 'packages/sim-machine/src/cpu/clock.ts';
const check = (text: string): readonly string[] =>
  docstring([{ path, text }]).map(({ line, message }) => `${String(line)} ${message}`);

it.each([
  ['function', 'export function tick(): void {}', 'tick'],
  ['constant', 'export const rate = 1;', 'rate'],
  ['class', 'export class Clock {}', 'Clock'],
  ['interface', 'export interface Clock {}', 'Clock'],
  ['type', 'export type Ticks = number;', 'Ticks'],
])('refuses an exported %s without a docstring', (_, text, name) => {
  expect(check(text)).toEqual([`1 expected a docstring on the export ${name}`]);
  expect(check(`// A remark.\n${text}`)).toHaveLength(1);
  expect(check(`/** What it is. */\n${text}`)).toEqual([]);
});

it('lets the first overload speak for all', () => {
  const overloads = 'export function f(a: 1): 1;\nexport function f(a: 2): 2;';
  expect(check(`/** F. */\n${overloads}`)).toEqual([]);
  expect(check(overloads)).toHaveLength(2);
});

it('asks nothing of what is not exported, and of doors', () => {
  expect(check('const rate = 1;')).toEqual([]);
  expect(check("export { Clock } from './clock.js';")).toEqual([]);
});
