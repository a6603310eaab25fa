import fc from 'fast-check';
import { INSTRUCTION_SET, type InstructionDefinition } from '../../src/isa/instruction-set.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import type { Program } from '../../src/isa/program.js';
import { Registers } from '../../src/isa/register.js';
import { DATA_PAGES, TestMachine } from './test-machine.js';

/** The raw material of one random instruction; every value makes a legal one. */
export interface Draft {
  readonly pick: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly immediate: number;
  /** How far a branch goes. */
  readonly ahead: number;
  /** Whether the access may be one that faults: misaligned, or anywhere. */
  readonly wild: boolean;
}

/** Registers that random instructions use as bases and never write. */
const BASES = [10, 11, 12, 13] as const;

const INSIDE: readonly InstructionDefinition[] = INSTRUCTION_SET.filter(
  ({ effect }) => effect.kind !== 'exit' && effect.kind !== 'await',
);
const ANYWHERE = INSTRUCTION_SET.filter(
  ({ effect, mnemonic }) => effect.kind !== 'await' && mnemonic !== 'syscall',
);
const STORES = INSTRUCTION_SET.filter(({ effect }) => effect.kind === 'store');

/** Random material for instructions. */
export const drafts = (maxLength: number): fc.Arbitrary<Draft[]> =>
  fc.array(
    fc.record({
      pick: fc.nat(10_000),
      a: fc.nat(15),
      b: fc.nat(15),
      c: fc.nat(15),
      immediate: fc.oneof(
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.integer({ min: -40, max: 40 }),
      ),
      ahead: fc.nat(6),
      wild: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength },
  );

/** Appends an instruction made of a draft; branches go to `targets`. */
function emitDraft(
  builder: ProgramBuilder,
  definition: InstructionDefinition,
  draft: Draft,
  target: string,
): void {
  const { effect, format, mnemonic } = definition;
  const into = draft.a % 10;
  switch (effect.kind) {
    case 'branch':
      builder.instruction(mnemonic, { a: draft.a, b: draft.b, label: target });
      return;
    case 'load':
    case 'store':
    case 'atomic': {
      const size = effect.kind === 'atomic' ? 4 : effect.size;
      const reach = draft.wild ? draft.immediate % 8000 : Math.abs(draft.immediate % 256) & -size;
      builder.instruction(mnemonic, {
        a: format === 'pairMemory' ? into & -2 : into,
        b: draft.wild ? draft.b : BASES[draft.b % BASES.length]!,
        c: draft.c,
        immediate: reach,
      });
      return;
    }
    default: {
      const immediate =
        format === 'abShift'
          ? draft.immediate & 31
          : format === 'aLiteral'
            ? draft.immediate
            : (draft.immediate << 14) >> 14;
      builder.instruction(mnemonic, { a: into, b: draft.b, c: draft.c, immediate });
    }
  }
}

/**
 * A routine around a section that keeps every rule: branches go forward, also behind the section,
 * and the last instruction is a store.
 */
export function buildSection(body: readonly Draft[], commit: Draft): Program {
  const { r0, r9, r10 } = Registers;
  return new ProgramBuilder('random section')
    .label('entry')
    .li32(r9, 'cs')
    .section('cs', {
      signature: 0x53053053,
      body: (builder) => {
        for (const [index, draft] of body.entries()) {
          const next = index + 1 + draft.ahead;
          const behind = draft.ahead % 2 === 0 ? 'commit' : 'failed';
          const target = next < body.length ? `step${next}` : behind;
          builder.label(`step${index}`);
          emitDraft(builder, pickFrom(INSIDE, draft), draft, target);
        }
        emitDraft(builder.label('commit'), pickFrom(STORES, commit), commit, '');
      },
      abort: (builder) => builder.li(r0, 1).ret(),
    })
    .xadd32(r0, r10)
    .label('failed')
    .mov(r0, r10)
    .ret()
    .build();
}

/** A program of any instructions but system calls, branches in all directions; it need not end. */
export function buildAnything(drafts: readonly Draft[]): Program {
  const builder = new ProgramBuilder('random program').label('entry');
  for (const [index, draft] of drafts.entries()) {
    const target = (index + draft.ahead + 3 * (drafts.length - 1)) % drafts.length;
    builder.label(`step${index}`);
    emitDraft(builder, pickFrom(ANYWHERE, draft), draft, `step${target}`);
  }
  return builder.label('end').ret().build();
}

/** The state that a random routine starts in. */
export interface Start {
  readonly registers: readonly number[];
  readonly memory: readonly number[];
  /** By data page: 0 no translation, 1 for reading, 2 for writing as well. */
  readonly translations: readonly number[];
  /** Numbers of the accesses through the port that fault. */
  readonly faults: readonly number[];
}

const WORD = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.integer({ min: -3, max: 3 }),
);

/** Random start states. */
export const starts: fc.Arbitrary<Start> = fc.record({
  registers: fc.array(WORD, { minLength: 16, maxLength: 16 }),
  memory: fc.array(WORD, { minLength: 64, maxLength: 64 }),
  translations: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
  faults: fc.array(fc.nat(12), { maxLength: 3 }),
});

/** A machine in a start state, at the entry of a program. */
export function machineWith(program: Program, start: Start): TestMachine {
  const machine = new TestMachine();
  machine.install(program, 'entry');
  machine.registers.set(start.registers);
  for (const [index, page] of [...DATA_PAGES.keys()].entries()) {
    machine.registers[BASES[index]!] = page * 4096 + 64;
    for (const [word, value] of start.memory.entries())
      machine.poke(page * 4096 + 64 + word * 4, value ^ page);
    const mode = start.translations[index]!;
    if (mode > 0) machine.translate(page, mode === 2);
  }
  for (const fault of start.faults) machine.port.injected.add(fault);
  return machine;
}

function pickFrom(
  definitions: readonly InstructionDefinition[],
  { pick }: Draft,
): InstructionDefinition {
  return definitions[pick % definitions.length]!;
}
