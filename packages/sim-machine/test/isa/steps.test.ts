import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { compileSteps, type CompiledSteps } from '../../src/isa/compiler.js';
import { ExitReason } from '../../src/isa/exit-reason.js';
import type { Program } from '../../src/isa/program.js';
import { buildAnything, buildSection, drafts, machineWith, starts } from './random-routine.js';
import { TEXT_BASE, TestMachine } from './test-machine.js';

const PAGE = 0x20000;

const sections = fc
  .tuple(drafts(16), drafts(1))
  .map(([body, commit]) => buildSection(body, commit[0]!));
const programs = fc.oneof(sections, drafts(16).map(buildAnything));
const budgets = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: -3, max: 9 })), {
  minLength: 1,
  maxLength: 40,
});

function compile(program: Program, machine: TestMachine): CompiledSteps | undefined {
  const entry = program.labels.get('entry') ?? 0;
  return compileSteps(program, entry, TEXT_BASE, machine.environment, 'test');
}

/** Runs a thread on by compiled code where it can be entered, else by the interpreter. */
function run(machine: TestMachine, code: CompiledSteps | undefined, budget: number): number {
  if (code?.entries.includes(machine.ip) !== true) return machine.run(budget, false);
  const executed = code.run(machine.base, machine.tlb, budget);
  if (executed >= 0) return executed;
  return ~executed + machine.run(budget - ~executed, false);
}

describe('compileSteps', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('leaves, however the budget is cut up, what the interpreter leaves at every stop', () => {
    const exits = new Set<number>();
    let entered = 0;
    fc.assert(
      fc.property(programs, starts, budgets, (program, start, cut) => {
        const interpreted = machineWith(program, start);
        const compiled = machineWith(program, start);
        const code = compile(program, compiled);
        for (const budget of cut) {
          if (code?.entries.includes(compiled.ip) === true) entered += 1;
          expect(run(compiled, code, budget)).toBe(interpreted.run(budget, false));
          expect(compiled.state()).toEqual(interpreted.state());
          exits.add(interpreted.exit);
          if (interpreted.exit === ExitReason.Fault) {
            for (const { port } of [interpreted, compiled]) port.injected.clear();
            if (interpreted.run(1) === 0) break;
            compiled.run(1);
          } else if (interpreted.exit !== ExitReason.Budget) break;
        }
      }),
      { numRuns: 400 },
    );
    const { Budget, Return, Fault, Breakpoint } = ExitReason;
    expect(exits).toEqual(new Set([Budget, Return, Fault, Breakpoint]));
    expect(entered).toBeGreaterThan(1000);
  });

  it.each([
    ['a backward branch that is taken', 'top: addi r3, r3, 1\nblt r3, r2, top\nst32 r3, [r4]\nret'],
    ['a jump back', 'jmp on\nback: st32 r3, [r4]\nret\non: li r3, 5\nrdclk r5\njmp back'],
    ['a system call', 'li r0, 39\nst32 r3, [r4]\nsyscall\nret'],
    ['a breakpoint', 'rdpid r1\nbrk\nret'],
    ['a wait', 'li r1, 0\nst32 r1, [r4]\nawait32 r3, [r4], r1\nret'],
    ['a loop that others see', 'top: st32 r3, [r4]\naddi r3, r3, 1\nblt r3, r2, top\nret'],
    ['a loop that nobody sees the end of', 'st32 r3, [r4]\ntop: addi r3, r3, 1\njmp top'],
  ])('goes over %s as the interpreter does', (_, text) => {
    for (const budget of [1, 2, 100, 60_000]) {
      const [interpreted, compiled] = [new TestMachine(), new TestMachine()];
      const program = assemble(text);
      for (const machine of [interpreted, compiled]) {
        machine.install(program);
        machine.registers.set([1, 2, 4, 0, PAGE, 7]);
      }
      const code = compile(program, compiled)!;
      for (let burst = 0; burst < 5; burst++) {
        expect(run(compiled, code, budget)).toBe(interpreted.run(budget, false));
        expect([...compiled.registers]).toEqual([...interpreted.registers]);
        expect(compiled.port.calls).toEqual(interpreted.port.calls);
        if (compiled.exit !== ExitReason.Budget) break;
      }
    }
  });

  it('has the interpreter stop a thread that is far behind its budget', () => {
    const program = assemble('nop\nnop\nld32 r1, [r4]\nret');
    const [interpreted, compiled] = [new TestMachine(), new TestMachine()];
    for (const machine of [interpreted, compiled]) machine.install(program);
    const code = compile(program, compiled)!;
    for (const budget of [-99_999, -3]) {
      expect(run(compiled, code, budget)).toBe(interpreted.run(budget, false));
      expect(compiled.ip).toBe(interpreted.ip);
    }
  });

  it('says where it can be entered: at its start and in front of what others notice', () => {
    const machine = new TestMachine();
    const code = compile(assemble('li r1, 3\nst32 r1, [r2]\nli r1, 4\nfence\nret'), machine)!;
    expect(code.entries).toEqual([0, 4, 12].map((offset) => TEXT_BASE + offset));
    machine.ip = TEXT_BASE + 8;
    expect(code.run(machine.base, machine.tlb, 5)).toBe(~0);
    expect(machine.ip).toBe(TEXT_BASE + 8);
  });

  it('returns undefined for what compileRoutine refuses, and where code from strings is forbidden', () => {
    expect(compile(assemble('syscall\nret'), new TestMachine())).toBeUndefined();
    vi.stubGlobal('Function', function refuse() {
      throw new EvalError('refused');
    });
    expect(compile(assemble('ret'), new TestMachine())).toBeUndefined();
  });
});
