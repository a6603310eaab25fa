import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExitReason } from '../../src/isa/exit-reason.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { VISIBLE_OPCODES } from '../../src/isa/visibility.js';
import { buildAnything, drafts, machineWith, starts } from './random-routine.js';
import { TEXT_BASE, TestMachine } from './test-machine.js';

const { r1, r2, r10 } = Registers;
const programs = drafts(30).map(buildAnything);

function nextIsVisible(machine: TestMachine): boolean {
  const { memory, textBase, textPhysical } = machine.environment;
  const word = memory.words[(machine.ip - textBase + textPhysical) >> 2]!;
  return VISIBLE_OPCODES[word & 63] === 1;
}

describe('bursts of the interpreter', () => {
  it('leave, however the budget is cut up, the state of one burst', () => {
    const bursts = fc.array(fc.tuple(fc.nat(7), fc.boolean()), { minLength: 1, maxLength: 40 });
    const exits = new Set<number>();
    fc.assert(
      fc.property(programs, starts, bursts, (program, start, cut) => {
        const parts = machineWith(program, start);
        const whole = machineWith(program, start);
        let total = 0;
        for (const [budget, stopAnywhere] of cut) {
          total += parts.run(budget, stopAnywhere);
          if (parts.exit !== ExitReason.Budget) break;
        }
        exits.add(parts.exit);
        const notCounted = parts.exit > ExitReason.Syscall ? 1 : 0;
        expect(whole.run(total + notCounted)).toBe(total);
        expect(whole.state()).toEqual(parts.state());
      }),
      { numRuns: 600 },
    );
    const { Budget, Return, Fault, Breakpoint } = ExitReason;
    expect(exits).toEqual(new Set([Budget, Return, Fault, Breakpoint]));
  });

  it('stop in front of the first visible instruction once the budget is spent', () => {
    fc.assert(
      fc.property(programs, starts, fc.nat(8), (program, start, budget) => {
        const machine = machineWith(program, start);
        const stepped = machineWith(program, start);
        const executed = machine.run(budget, false);
        if (machine.exit !== ExitReason.Budget || executed > budget + 1000) return;
        expect(executed).toBeGreaterThanOrEqual(budget);
        expect(nextIsVisible(machine)).toBe(true);
        for (let step = 0; step < executed; step++) {
          if (step >= budget) expect(nextIsVisible(stepped)).toBe(false);
          expect(stepped.run(1)).toBe(1);
        }
        expect(stepped.state()).toEqual(machine.state());
      }),
      { numRuns: 400 },
    );
  });

  it('end 100,000 instructions past the budget when none is visible', () => {
    const machine = new TestMachine();
    machine.install(new ProgramBuilder('endless').label('top').addi(r1, r1, 1).jmp('top').build());
    expect(machine.run(5, false)).toBe(100_005);
    expect(machine.exit).toBe(ExitReason.Budget);
    expect(machine.registers[1]).toBe(50_003);
    expect(machine.ip).toBe(TEXT_BASE + 4);
  });

  it('execute nothing on a budget of 0 when they may stop anywhere', () => {
    const machine = new TestMachine();
    machine.install(new ProgramBuilder('one').addi(r1, r1, 1).ret().build());
    expect(machine.run(0, true)).toBe(0);
    expect(machine.ip).toBe(TEXT_BASE);
    expect(machine.run(0, false)).toBe(2);
    expect(machine.exit).toBe(ExitReason.Return);
  });

  it('take a budget beyond any program', () => {
    for (const budget of [Number.MAX_SAFE_INTEGER, Infinity, 2 ** 31 - 1]) {
      const machine = new TestMachine();
      machine.install(new ProgramBuilder('short').li(r1, 4).mov(r2, r1).ret().build());
      expect(machine.run(budget)).toBe(3);
      expect(machine.exit).toBe(ExitReason.Return);
    }
  });

  it('count below an exhausted budget as 0', () => {
    const machine = new TestMachine();
    machine.install(new ProgramBuilder('store').st32(r1, r10).ret().build());
    expect(machine.run(-3, false)).toBe(0);
    expect(machine.run(-3, true)).toBe(0);
    expect(machine.exit).toBe(ExitReason.Budget);
  });
});
