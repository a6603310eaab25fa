import { NO_DECISION } from '@rseqlab/sim-machine';
import type { DebuggerCommand } from '../debugger-command.js';
import { move } from '../movement.js';
import { isOnCpu, stepOf } from '../moving-thread.js';
import { countOf, noMore, threadOrSelected } from '../words.js';

/** One instruction of a thread; the others stay where they are. */
export const step: DebuggerCommand = {
  name: 'step',
  aliases: ['s', 'si', 'stepi'],
  usage: '[N] [T]',
  summary: 'execute N instructions of a thread (1 of the selected one), the others stay',
  run(session, words) {
    const { thread, rest } = threadOrSelected(session, words);
    const [count, ...more] = rest;
    noMore(more);
    let left = countOf(count);
    stepOf(session, thread);
    session.selected = thread;
    const next = () =>
      left-- > 0 && isOnCpu(session, thread) ? stepOf(session, thread) : NO_DECISION;
    return move(session, { next, showsSteps: true });
  },
};
