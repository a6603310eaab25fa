import fc from 'fast-check';
import { expect, it } from 'vitest';
import { liveRegisters } from '../../src/isa/liveness.js';
import type { Program } from '../../src/isa/program.js';
import { registerNumbers } from '../../src/isa/register-use.js';
import { REG_EXIT, REG_IP } from '../../src/isa/register-file.js';
import { buildAnything, buildSection, drafts, machineWith, starts } from './random-routine.js';
import type { Start } from './random-routine.js';
import { TEXT_BASE } from './test-machine.js';
import type { TestMachine } from './test-machine.js';

const LIMIT = 300;

const sections = fc
  .tuple(drafts(24), drafts(1))
  .map(([body, commit]) => buildSection(body, commit[0]!));

function liveNow(program: Program, machine: TestMachine): number {
  return liveRegisters(program)[(machine.ip - TEXT_BASE) >> 2] ?? 0xffff;
}

/** All that the rest of the world can see of a machine: everything but its dead registers. */
function visible(program: Program, machine: TestMachine): object {
  const { registers: _, ...rest } = machine.state() as Record<string, unknown>;
  const { registers } = machine;
  return {
    ...rest,
    ip: registers[REG_IP],
    exit: registers[REG_EXIT],
    live: registerNumbers(liveNow(program, machine)).map((n) => [n, registers[n]]),
  };
}

/** Two machines at the same instruction, which differ in dead registers alone; how many differ. */
function twins(
  program: Program,
  start: Start,
  stop: number,
  noise: readonly number[],
): { readonly one: TestMachine; readonly other: TestMachine; readonly changed: number } {
  const [one, other] = [machineWith(program, start), machineWith(program, start)];
  one.run(stop);
  other.run(stop);
  const dead = registerNumbers(~liveNow(program, other) & 0xffff);
  for (const n of dead) other.registers[n] = noise[n]!;
  return { one, other, changed: dead.length };
}

const noises = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), {
  minLength: 16,
  maxLength: 16,
});

it('states of a section that differ in dead registers alone have the same future', () => {
  let changes = 0;
  fc.assert(
    fc.property(sections, starts, fc.nat(28), noises, (program, start, stop, noise) => {
      const { one, other, changed } = twins(program, start, stop, noise);
      changes += changed;
      expect(other.run(LIMIT)).toBe(one.run(LIMIT));
      expect(visible(program, other)).toEqual(visible(program, one));
    }),
    { numRuns: 600 },
  );
  expect(changes).toBeGreaterThan(600);
});

it('states inside a section that differ in dead registers alone have the same future after an abort', () => {
  let aborts = 0;
  fc.assert(
    fc.property(sections, starts, fc.nat(28), noises, (program, start, stop, noise) => {
      const { one, other } = twins(program, start, stop, noise);
      const { start: first, postCommit, abort } = program.sections[0]!;
      const offset = one.ip - TEXT_BASE;
      fc.pre(offset >= first && offset < postCommit);
      aborts += 1;
      one.ip = TEXT_BASE + abort;
      other.ip = TEXT_BASE + abort;
      expect(other.run(LIMIT)).toBe(one.run(LIMIT));
      expect(visible(program, other)).toEqual(visible(program, one));
    }),
    { numRuns: 300 },
  );
  expect(aborts).toBe(300);
});

it('states of any program, with branches in all directions, that differ in dead registers alone have the same future', () => {
  const programs = drafts(16).map(buildAnything);
  fc.assert(
    fc.property(programs, starts, fc.nat(40), noises, (program, start, stop, noise) => {
      const { one, other } = twins(program, start, stop, noise);
      for (let burst = 1; burst < 8; burst++) {
        expect(other.run(burst)).toBe(one.run(burst));
        expect(visible(program, other)).toEqual(visible(program, one));
      }
    }),
    { numRuns: 250 },
  );
});

it('finds registers dead: a rule that called all of them live would not pass', () => {
  let dead = 0;
  fc.assert(
    fc.property(sections, (program) => {
      for (const mask of liveRegisters(program)) dead += registerNumbers(~mask & 0xffff).length;
    }),
    { numRuns: 50 },
  );
  expect(dead).toBeGreaterThan(500);
});
