import type { ProgramBuilder } from '@rseqlab/sim-machine';
import { emitInstruction } from './emit-instruction.js';
import { programLabel } from './emit-jump.js';
import type { LitmusLayout } from './litmus-layout.js';
import { initialValue } from './litmus-question.js';
import type { LitmusTest, LitmusThread } from './litmus-test.js';
import { ASSIGNABLE } from './machine-registers.js';
import type { RegisterAssignment } from './machine-registers.js';
import { ThreadEmitter } from './thread-emitter.js';

/** Writes a thread: its initial registers, its instructions, `ret`. */
export function emitThread(
  builder: ProgramBuilder,
  test: LitmusTest,
  index: number,
  layout: LitmusLayout,
  registers: RegisterAssignment,
): void {
  const thread = test.threads[index]!;
  const emitter = new ThreadEmitter(builder, layout, registers, jumpsOnConditions(thread));
  for (const [register, into] of registers)
    emitter.set(into, initialValue(test, { kind: 'register', thread: index, register }));
  emitter.clearFlags();
  thread.instructions.forEach(({ instruction, text }, at) => {
    emitLabels(builder, thread, at);
    builder.note(text);
    emitInstruction(emitter, instruction);
  });
  emitLabels(builder, thread, thread.instructions.length);
  builder.returns(...ASSIGNABLE).ret();
}

function emitLabels(builder: ProgramBuilder, { labels }: LitmusThread, at: number): void {
  for (const [label, place] of labels) if (place === at) builder.label(programLabel(label));
}

function jumpsOnConditions({ instructions }: LitmusThread): boolean {
  return instructions.some(
    ({ instruction }) => instruction.kind === 'jump' && instruction.condition !== 'always',
  );
}
