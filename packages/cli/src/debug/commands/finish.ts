import { NO_DECISION, RegisterFile } from '@rseqlab/sim-machine';
import type { DebuggerCommand } from '../debugger-command.js';
import { move } from '../movement.js';
import { canProgress, stepOf } from '../moving-thread.js';
import { noMore, threadOrSelected } from '../words.js';

/** Up to the end of the routine that a thread is in. */
export const finish: DebuggerCommand = {
  name: 'finish',
  aliases: ['fin'],
  usage: '[T]',
  summary: 'let a thread go on until its routine has returned to its program',
  run(session, words) {
    const { thread, rest } = threadOrSelected(session, words);
    noMore(rest);
    stepOf(session, thread);
    session.selected = thread;
    const operation = session.register(thread, RegisterFile.Operations);
    const next = () =>
      session.register(thread, RegisterFile.Operations) === operation &&
      canProgress(session, thread)
        ? stepOf(session, thread)
        : NO_DECISION;
    return move(session, { next, showsSteps: false });
  },
};
