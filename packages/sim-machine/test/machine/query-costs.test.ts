import { describe, expect, it } from 'vitest';
import { COST_MACHINES } from '../../src/cpu/cost-machines.js';
import type { CostParameters } from '../../src/cpu/cost-parameters.js';
import { TimedDirector } from '../../src/director/timed-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { getcpu, schedYield } from '../../src/kernel/libc/scheduling.js';
import { Machine } from '../../src/machine.js';

const { r1 } = Registers;

/** Cycles of `calls` calls of a routine that is one instruction and a return. */
function cyclesOf(
  cost: CostParameters,
  mnemonic: 'rdclk' | 'rdpid' | 'nop',
  calls: number,
): number {
  const machine = new Machine({ cpus: 1, cost }, new TimedDirector());
  const builder = new ProgramBuilder(mnemonic).label('once');
  const program = mnemonic === 'nop' ? builder.nop() : builder[mnemonic](r1);
  const once = machine.install(program.ret().build()).routine('once');
  machine.createProcess('main').spawn(function* caller(t) {
    for (let i = 0; i < calls; i++) yield* t.call(once);
  });
  return machine.run().cycles;
}

describe.each(COST_MACHINES)('on $name', (cost) => {
  it.each([
    ['rdclk', 'ClockRead'],
    ['rdpid', 'CpuNumberRead'],
  ] as const)('%s costs an instruction and %s each time', (mnemonic, kind) => {
    // Compiled as well as interpreted: routines are compiled when they were called some times.
    for (const calls of [1, 100])
      expect(cyclesOf(cost, mnemonic, calls) - cyclesOf(cost, 'nop', calls)).toBe(
        calls * cost.costs[kind].cycles,
      );
  });
});

it('a clock is read before the reading is paid for', () => {
  const machine = new Machine({ cpus: 1, cost: COST_MACHINES[0]! }, new TimedDirector());
  const read: number[] = [];
  machine.createProcess('main').spawn(function* reader(t) {
    read.push(yield* t.readClock(), yield* t.readClock());
  });
  machine.run();
  expect(read[1]! - read[0]!).toBe(COST_MACHINES[0]!.costs.ClockRead.cycles);
});

it('page faults and system calls cost the same however dear it is for programs to ask where they are', () => {
  const cycles = COST_MACHINES.map((cost) => {
    const CpuNumberRead = { ...cost.costs.CpuNumberRead, cycles: 1_000_000 };
    const ClockRead = { ...cost.costs.ClockRead, cycles: 1_000_000 };
    const dear = { ...cost, costs: { ...cost.costs, CpuNumberRead, ClockRead } };
    return [cost, dear].map((parameters) => {
      const machine = new Machine({ cpus: 2, cost: parameters }, new TimedDirector());
      const process = machine.createProcess('main');
      const page = process.allocate(4 * 4096, 4096);
      process.spawn(function* toucher(t) {
        for (let i = 0; i < 4; i++) yield* t.store(page + 4096 * i, 1);
        yield* getcpu(t);
        yield* schedYield(t);
      });
      return machine.run().cycles;
    });
  });
  for (const [usual, dear] of cycles) expect(dear).toBe(usual);
});
