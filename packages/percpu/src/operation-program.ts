import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { INDEX_OFFSET, RSEQ_OFFSET, emitSection } from '@rseqlab/rseq-runtime';
import type { CommitOrder, IndexKind } from '@rseqlab/rseq-runtime';
import { NOTHING, PlanRegister } from './operation-plan.js';
import type { OperationPlan } from './operation-plan.js';

const { r0, r1, r2, r3, r8, r9, r10, r14 } = Registers;
const argument = Registers[PlanRegister.argument];
const block = Registers[PlanRegister.block];
const index = Registers[PlanRegister.index];

/** r0 when the section was aborted and somebody else shall do it. */
const ABORTED = -1;

/** r0 when the thread has no index. */
const NO_INDEX = -2;

/** Label of an operation's entry: r1 is the address of the first block, r2 the argument. */
export const OPERATION_ENTRY = 'operation';

/** How an operation is made; its result is -1 after an abort that it leaves to others, -2 without index. */
export interface OperationForm {
  readonly index: IndexKind;
  readonly order: CommitOrder;
  /** Blocks are 2 to the power of this apart. */
  readonly strideShift: number;
  /** Whether an aborted section is begun again at once, or the result is -1. */
  readonly restarts: boolean;
}

const programs = new WeakMap<OperationPlan, Map<string, Program>>();

/**
 * The program of an operation. Everything from reading the index to the commit is one section, so
 * that whatever it has read is still so when it commits. Made once for every plan and form.
 */
export function operationProgram(plan: OperationPlan, form: OperationForm): Program {
  const key = `${form.index} ${form.order} ${form.strideShift} ${form.restarts}`;
  const known = programs.get(plan) ?? new Map<string, Program>();
  programs.set(plan, known);
  let program = known.get(key);
  if (program === undefined) {
    program = build(plan, form);
    known.set(key, program);
  }
  return program;
}

function build(plan: OperationPlan, form: OperationForm): Program {
  const builder = new ProgramBuilder(`${plan.name} by ${form.index}`)
    .label(OPERATION_ENTRY)
    .mov(r10, r1)
    .mov(argument, r2)
    .label('restart');
  emitSection(builder, {
    name: 'cs',
    body: (section) => {
      section
        .note(`index = rseq->${form.index}`)
        .ld32(index, r14, RSEQ_OFFSET + INDEX_OFFSET[form.index])
        .li(r8, 0)
        .blt(index, r8, 'noIndex')
        .shli(block, index, form.strideShift)
        .add(block, block, r10);
      plan.prepare(section);
      plan.primitive.emit(section, { order: form.order, compareFailed: 'compareFailed' });
    },
    aborted: form.restarts ? 'restart' : (handler) => handler.li(r0, ABORTED).ret(),
  });
  plan.finish(builder);
  builder.ret().label('compareFailed');
  emitCompareFailed(builder, plan.compareFailed);
  return builder.label(NOTHING).li(r0, 0).ret().label('noIndex').li(r0, NO_INDEX).ret().build();
}

function emitCompareFailed(builder: ProgramBuilder, means: OperationPlan['compareFailed']): void {
  if (means === 'nothing') return;
  if (means === 'wait') builder.note('wait until *v is not newv').await32(r9, r1, r3);
  builder.jmp('restart');
}
