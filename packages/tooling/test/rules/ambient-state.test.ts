import { expect, it } from 'vitest';
import { ambientState } from '../../src/rules/ambient-state.js';

const path = 'packages/sim-machine/src/cpu/clock.ts';

it.each([
  ['a clock', 'const t = Date.now();'],
  ['a clock that is renamed', 'const { now } = Date;'],
  ['a high-resolution clock', 'const t = performance.now();'],
  ['randomness', 'const r = Math.random();'],
  ['randomness by a computed name', "const r = Math['random']();"],
  ['randomness that is taken apart', 'const { random } = Math;'],
  ['any global by way of the global object', "const d = globalThis['Date'];"],
  ['a timer', 'setTimeout(() => 0, 1);'],
  ['the host process', 'const pid = process.pid;'],
  ['the host process as a shorthand', 'const ports = { process };'],
  ['a Node buffer', 'const b = Buffer.alloc(1);'],
  ['the place of the module', 'const u = import.meta.url;'],
])('refuses %s', (_, text) => {
  expect(ambientState([{ path, text }])).toMatchObject([{ path, line: 1 }]);
});

it.each([
  ['functions of Math', 'const m = Math.max(1, Math.imul(2, 3));'],
  ['a simulated process', 'function exit(process: Process): number { return process.pid; }'],
  ['a member of that name', 'const x = machine.process; const y = { process: 1, performance: 2 };'],
  ['a field of that name', 'class M { process = 1; readonly Date = 2; }'],
  ['a comment', '// Date.now() and Math.random() are not for us'],
  ['a string', "const s = 'Math.random';"],
])('accepts %s', (_, text) => {
  expect(ambientState([{ path, text }])).toEqual([]);
});

it('leaves the command and the tests alone', () => {
  const text = 'const t = Date.now();';
  expect(ambientState([{ path: 'packages/cli/src/main.ts', text }])).toEqual([]);
  expect(ambientState([{ path: 'packages/percpu/test/list.test.ts', text }])).toEqual([]);
});
