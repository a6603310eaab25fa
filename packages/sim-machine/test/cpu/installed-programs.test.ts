import { beforeEach, describe, expect, it } from 'vitest';
import { StateArena } from '../../src/base/state-arena.js';
import { NEVER, type Routine } from '../../src/cpu/routine.js';
import type { RoutineChain } from '../../src/cpu/routine-chain.js';
import { InstalledPrograms } from '../../src/cpu/installed-programs.js';
import type { StepFunction } from '../../src/isa/compiler.js';
import type { ExecutionEnvironment } from '../../src/isa/execution-environment.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import type { Program } from '../../src/isa/program.js';
import { Registers } from '../../src/isa/register.js';
import { MemorySystem } from '../../src/memory/memory-system.js';
import { RecordingFaults } from '../memory/fixture.js';

const { r0, r5 } = Registers;

const routine = (name: string, value: number): Program =>
  new ProgramBuilder(name).label(name).li32(r0, 'data').ret().label('data').word(value).build();

const A = routine('a', 1);
const B = routine('b', 2);
const C = routine('c', 3);

let memory: MemorySystem;
let programs: InstalledPrograms;

beforeEach(() => {
  memory = new MemorySystem({
    arena: new StateArena(),
    cpus: 1,
    faults: new RecordingFaults(),
    clock: { now: () => 0 },
    sizeBytes: 2 ** 21,
  });
  const environment: ExecutionEnvironment = {
    registers: new Int32Array(64),
    memory: memory.physical,
    translations: memory.translations.entries,
    port: memory.bus,
    textBase: memory.text.base,
    textPhysical: memory.text.physical,
    textBytes: memory.text.capacityBytes,
  };
  programs = new InstalledPrograms(memory.text, environment, 'test');
});

/** The words that the text segment holds at a program's address. */
function textOf(address: number, program: Program): number[] {
  const first = (memory.text.physical + address - memory.text.base) >> 2;
  return [...memory.physical.words.subarray(first, first + program.words.length)];
}

function expectInstalled(program: Program, address: number): void {
  expect(textOf(address, program)).toEqual([...program.relocated(address)]);
}

function stepsAt({ address }: Routine): StepFunction | undefined {
  return programs.steps.functions[(address - memory.text.base) >> 2];
}

describe('InstalledPrograms', () => {
  it('puts programs one after the other, relocated, at multiples of 32', () => {
    const installed = [A, B, C].map((program) => programs.install(program));
    expect(installed.map(({ address }) => address - memory.text.base)).toEqual([0, 32, 64]);
    for (const { program, address } of installed) expectInstalled(program, address);
  });

  it('installs a program once a run', () => {
    expect(programs.install(A)).toBe(programs.install(A));
    expect(programs.install(B).address).toBe(memory.text.base + 32);
  });

  it('gives a run that installs the same in the same order the same objects, and copies nothing', () => {
    const before = [A, B].map((program) => programs.install(program));
    const { version } = programs;
    programs.reset();
    expect([A, B].map((program) => programs.install(program))).toEqual(before);
    expect(programs.version).toBe(version);
  });

  it('gives addresses by the order of the run alone, whatever the run before installed', () => {
    for (const order of [[A, B, C], [B, A], [A, C], [C], [A, B, C]]) {
      programs.reset();
      const installed = order.map((program) => programs.install(program));
      installed.forEach(({ program, address }, index) => {
        expect(address).toBe(memory.text.base + 32 * index);
        expectInstalled(program, address);
      });
    }
  });

  it('says by its version when words may have changed that were there before', () => {
    programs.install(A);
    programs.install(B);
    const { version } = programs;
    programs.reset();
    programs.install(C);
    expect(programs.version).not.toBe(version);
  });

  it('knows only the programs of this run by their addresses', () => {
    const { address } = programs.install(A);
    const second = programs.install(B);
    programs.reset();
    programs.install(A);
    expect(programs.at(address)?.program).toBe(A);
    expect(programs.at(second.address)).toBeUndefined();
    expect(programs.at(memory.text.base - 4)).toBeUndefined();
  });

  it('knows what is live at every word of every program, everything elsewhere and untracked', () => {
    expect(programs.liveAt(memory.text.base)).toBe(0xffff);
    programs.trackLiveness();
    const kept = new ProgramBuilder('kept').label('kept').mov(r0, r5).ret().build();
    const { address } = programs.install(A);
    const second = programs.install(kept);
    const always = 0b1100_0000_0000_0000;
    expect(programs.liveAt(address)).toBe(always);
    expect(programs.liveAt(second.address)).toBe(always | (1 << 5));
    expect(programs.liveAt(second.address + 4)).toBe(always | 1);
    expect(programs.liveAt(memory.text.base - 4)).toBe(0xffff);
    programs.reset();
    expect(programs.install(kept).address).toBe(address);
    expect(programs.liveAt(address)).toBe(always | (1 << 5));
  });

  it('changes a word for a debugger until the end of the run, and interprets the program from then on', () => {
    const installed = programs.install(A);
    const a = installed.routine('a');
    a.compile();
    a.compileSteps();
    expect(a.longestPath).toBe(2);
    expect(stepsAt(a)).toBeDefined();
    const { version } = programs;
    expect(programs.patch(installed.address + 4, 7)).toBe(true);
    expect(programs.version).not.toBe(version);
    expect(textOf(installed.address, A)[1]).toBe(7);
    expect(a.longestPath).toBe(NEVER);
    expect(a.compileFrom).toBe(NEVER);
    expect(a.startsToSteps).toBe(0);
    expect(stepsAt(a)).toBeUndefined();
    programs.reset();
    const again = programs.install(A);
    expectInstalled(A, again.address);
    expect(again.routine('a').compileFrom).toBeLessThan(NEVER);
  });

  it('keeps the code for small budgets as long as the program stays where it is', () => {
    const [a, b] = [A, B].map((program) => programs.install(program).routine(program.name));
    a!.compileSteps();
    b!.compileSteps();
    const before = [a!, b!].map(stepsAt);
    expect(before.map((run) => typeof run)).toEqual(['function', 'function']);
    programs.reset();
    programs.install(A);
    expect([a!, b!].map(stepsAt)).toEqual(before);
    programs.install(C);
    expect([a!, b!].map(stepsAt)).toEqual([before[0], undefined]);
  });

  it('takes every register for live at a word that was changed', () => {
    programs.trackLiveness();
    const { address } = programs.install(A);
    programs.patch(address, 56);
    expect(programs.liveAt(address)).toBe(0xffff);
  });

  it('changes no word outside of the programs of this run', () => {
    expect(programs.patch(memory.text.base, 7)).toBe(false);
  });

  it('leaves chains to the interpreter that go through a program of which a word was changed', () => {
    const calls = [A, B].map((program) => ({
      routine: programs.install(program).routine(program.name),
      arguments: [],
    }));
    const warm = (chain: RoutineChain): number => {
      for (let n = 0; n < 100; n++) chain.missed(Int32Array.of(100));
      return chain.longestPath;
    };
    const chain = programs.chain(calls, 0);
    const other = programs.chain([calls[0]!], 0);
    expect([chain, other].map(warm)).toEqual([4, 2]);
    programs.patch(calls[1]!.routine.address, B.words[0]!);
    expect([chain, other].map(warm)).toEqual([NEVER, 2]);
    expect(warm(programs.chain([calls[1]!], 0))).toBe(NEVER);
  });
});
