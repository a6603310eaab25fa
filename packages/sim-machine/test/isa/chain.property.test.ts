import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallTerms, ChainValue } from '../../src/isa/chain-generator.js';
import { compileChain, compileRoutine } from '../../src/isa/compiler.js';
import type { ChainedRoutine } from '../../src/isa/compiler.js';
import { ExitReason } from '../../src/isa/exit-reason.js';
import type { Program } from '../../src/isa/program.js';
import { REG_EXIT, REG_OPERATIONS } from '../../src/isa/register-file.js';
import { buildAnything, buildSection, drafts, machineWith, starts } from './random-routine.js';
import { TEXT_BASE, type TestMachine } from './test-machine.js';

const INPUTS = [7, -1, 0x20040];
const BUDGET = 10_000;

const programs: fc.Arbitrary<Program> = fc.oneof(
  fc.tuple(drafts(12), drafts(1)).map(([body, commit]) => buildSection(body, commit[0]!)),
  drafts(12).map(buildAnything),
);

/** Values that a call may be given when so many are kept. */
const values = (kept: number): fc.Arbitrary<ChainValue> =>
  fc.oneof(
    fc.integer({ min: -9, max: 9 }),
    fc.nat(INPUTS.length - 1).map((input) => ({ input })),
    kept === 0
      ? fc.constant(0)
      : fc.record({ kept: fc.nat(kept - 1), plus: fc.integer({ min: -8, max: 8 }) }),
  );

const terms = (kept: number): fc.Arbitrary<CallTerms> =>
  fc.record(
    {
      arguments: fc.array(values(kept), { maxLength: 6 }),
      keeps: fc.constant([0, 6]),
      goesOn: fc.oneof(
        fc.integer({ min: -(2 ** 31), max: 100 }).map((least) => ({ least })),
        fc.record({ bits: fc.constantFrom(0, 1, 3), are: fc.constantFrom(0, 1) }),
      ),
    },
    { requiredKeys: ['arguments', 'keeps'] },
  );

/** Up to three calls, each of a program of its own. */
const chains: fc.Arbitrary<ChainedRoutine[]> = fc
  .tuple(...[0, 2, 4].map((kept) => fc.record({ program: programs, terms: terms(kept) })))
  .map((calls) =>
    calls.map(({ program, terms: own }, n) => ({
      ...own,
      program,
      entry: program.offsetOf('entry'),
      address: TEXT_BASE + 0x400 * n,
    })),
  );

/** What can be told of calls that were made: the state, and what a chain tells besides. */
interface Told {
  readonly done: number;
  readonly left: number;
  readonly rest: number;
  readonly kept: readonly number[];
  readonly state: object;
}

function asChain(machine: TestMachine, calls: readonly ChainedRoutine[]): Told | undefined {
  const budget = Int32Array.of(BUDGET);
  const [kept, rest] = [new Int32Array(6), new Int32Array(1)];
  const ports = { budget, inputs: Int32Array.from(INPUTS), kept, rest };
  const chain = compileChain(calls, machine.environment, ports, 'chain');
  if (chain === undefined) return undefined;
  const done = chain.run(machine.base, machine.tlb);
  expect(BUDGET - budget[0]! + rest[0]!).toBeLessThanOrEqual(chain.longestPath);
  return { done, left: budget[0]!, rest: rest[0]!, kept: [...kept], state: machine.state() };
}

/** The same calls, made one behind the other by what compiles single routines. */
function oneByOne(machine: TestMachine, calls: readonly ChainedRoutine[]): Told {
  const { registers } = machine;
  const kept: number[] = [];
  const valueOf = (value: ChainValue): number => {
    if (typeof value === 'number') return value;
    return 'input' in value ? INPUTS[value.input]! : kept[value.kept]! + (value.plus ?? 0);
  };
  const told = (done: number, left: number, rest: number): Told => {
    const known = done === calls.length ? [] : kept;
    const all = Array.from({ length: 6 }, (_, n) => known[n] ?? 0);
    return { done, left, rest, kept: all, state: machine.state() };
  };
  let left = BUDGET;
  for (const [n, call] of calls.entries()) {
    const { program, entry, address, arguments: given, keeps = [], goesOn } = call;
    const { environment, base, tlb } = machine;
    const routine = compileRoutine(program, entry, address, environment, `call ${n}`)!;
    registers[REG_OPERATIONS]! += 1;
    for (let r = 1; r <= Math.max(4, given.length); r++) registers[r] = valueOf(given[r - 1] ?? 0);
    const executed = routine.run(base, tlb);
    if (registers[REG_EXIT] !== ExitReason.Return) return told(n, left, executed);
    left -= executed;
    const result = registers[0]!;
    const isMet =
      goesOn === undefined ||
      ('least' in goesOn
        ? result >= goesOn.least
        : (result & valueOf(goesOn.bits)) === valueOf(goesOn.are));
    if (!isMet) return told(n, left, 0);
    kept.push(...keeps.map((register) => registers[register]!));
  }
  return told(calls.length, left, 0);
}

it('a chain leaves everything as its calls do that are made one behind the other', () => {
  const ends = new Set<number>();
  const exits = new Set<number>();
  fc.assert(
    fc.property(chains, starts, (calls, start) => {
      const [chained, single] = [0, 1].map(() => machineWith(calls[0]!.program, start)) as [
        TestMachine,
        TestMachine,
      ];
      const told = asChain(chained, calls);
      if (told === undefined) return;
      expect(told).toEqual(oneByOne(single, calls));
      ends.add(told.done);
      exits.add(chained.exit);
    }),
    { numRuns: 300 },
  );
  expect(ends).toEqual(new Set([0, 1, 2, 3]));
  expect(exits).toEqual(new Set([ExitReason.Return, ExitReason.Fault, ExitReason.Budget]));
});

it('is not made of a routine that cannot be compiled', () => {
  fc.assert(
    fc.property(chains, starts, (calls, start) => {
      const machine = machineWith(calls[0]!.program, start);
      const cannot = calls.some(
        ({ program, entry, address }) =>
          compileRoutine(program, entry, address, machine.environment, 'one') === undefined,
      );
      expect(asChain(machine, calls) === undefined).toBe(cannot);
    }),
    { numRuns: 30 },
  );
});
