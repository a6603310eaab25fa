import type { ProgramBuilder } from '@rseqlab/sim-machine';
import type { JumpCondition, JumpInstruction } from './litmus-instruction.js';
import { SCRATCH } from './machine-registers.js';

type Jump = (builder: ProgramBuilder, label: string) => void;

const { flagLeft: left, flagRight: right, value: difference, other: zero } = SCRATCH;

/** The sign is that of the difference, which may overflow where the comparison does not. */
const subtract = (builder: ProgramBuilder): ProgramBuilder =>
  builder.sub(difference, left, right).li(zero, 0);

const JUMPS: Readonly<Record<JumpCondition | 'always', Jump>> = {
  always: (builder, label) => builder.jmp(label),
  equal: (builder, label) => builder.beq(left, right, label),
  'not-equal': (builder, label) => builder.bne(left, right, label),
  less: (builder, label) => builder.blt(left, right, label),
  'less-equal': (builder, label) => builder.bge(right, left, label),
  greater: (builder, label) => builder.blt(right, left, label),
  'greater-equal': (builder, label) => builder.bge(left, right, label),
  below: (builder, label) => builder.bltu(left, right, label),
  'below-equal': (builder, label) => builder.bgeu(right, left, label),
  above: (builder, label) => builder.bltu(right, left, label),
  'above-equal': (builder, label) => builder.bgeu(left, right, label),
  sign: (builder, label) => subtract(builder).blt(difference, zero, label),
  'not-sign': (builder, label) => subtract(builder).bge(difference, zero, label),
};

/** How a label of the test is called in the program. */
export function programLabel(label: string): string {
  return `at_${label}`;
}

/** Translates a jump; what it compares is what the last flag-setting instruction kept. */
export function emitJump(builder: ProgramBuilder, { condition, target }: JumpInstruction): void {
  JUMPS[condition](builder, programLabel(target));
}
