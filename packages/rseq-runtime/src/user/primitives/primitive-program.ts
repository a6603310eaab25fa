import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program, Register, RegisterName } from '@rseqlab/sim-machine';
import { INDEX_OFFSET } from '../index-kind.js';
import type { IndexKind } from '../index-kind.js';
import { RSEQ_OFFSET } from '../rseq-area.js';
import { emitSection } from '../section-frame.js';
import type { CommitOrder, PrimitiveDefinition } from './primitive-definition.js';
import { PrimitiveOutcome } from './primitive-outcome.js';

const { r0, r8, r9, r14 } = Registers;

/** Label of a primitive's entry. */
export const PRIMITIVE_ENTRY = 'attempt';

/** Name of its section. */
export const PRIMITIVE_SECTION = 'cs';

const programs = new Map<string, Program>();

/**
 * The program of a primitive: one attempt, which returns a {@link PrimitiveOutcome}.
 *
 * The index is compared inside the section: once that was found right, the thread has no other
 * until the commit, for it would be aborted before it gets one. Made once for every definition's
 * name, order and kind of index.
 */
export function primitiveProgram(
  definition: PrimitiveDefinition,
  order: CommitOrder,
  index: IndexKind,
): Program {
  const name = `${definition.name}, ${order}, ${index}`;
  let program = programs.get(name);
  if (program === undefined) {
    program = build(name, definition, order, index);
    programs.set(name, program);
  }
  return program;
}

function build(
  name: string,
  definition: PrimitiveDefinition,
  order: CommitOrder,
  index: IndexKind,
): Program {
  const builder = new ProgramBuilder(name).label(PRIMITIVE_ENTRY);
  if (definition.loads) builder.returns(r9);
  emitSection(builder, {
    name: PRIMITIVE_SECTION,
    body: (section) => {
      if (index === 'mm_cid')
        section
          .note('rseq->cpu_id < 0? unregistering leaves 0 in mm_cid')
          .li(r9, 0)
          .ld32(r8, r14, RSEQ_OFFSET + INDEX_OFFSET.cpu_id)
          .blt(r8, r9, `${PRIMITIVE_SECTION}.abort`);
      section
        .note(`rseq->${index} == ${definition.parameters.at(-1)!}?`)
        .ld32(r8, r14, RSEQ_OFFSET + INDEX_OFFSET[index])
        .bne(r8, argument(definition.parameters.length), `${PRIMITIVE_SECTION}.abort`);
      definition.emit(section, { order, compareFailed: 'compareFailed' });
    },
    aborted: (handler) => handler.li(r0, PrimitiveOutcome.Aborted).ret(),
  });
  return builder
    .li(r0, PrimitiveOutcome.Committed)
    .ret()
    .label('compareFailed')
    .li(r0, PrimitiveOutcome.CompareFailed)
    .ret()
    .build();
}

function argument(position: number): Register {
  return Registers[`r${position}` as RegisterName];
}
