import { NO_DECISION } from '@rseqlab/sim-machine';
import type { DebuggerCommand } from '../debugger-command.js';
import { move } from '../movement.js';
import { isOnCpu, stepOf } from '../moving-thread.js';
import { noMore, threadOrSelected } from '../words.js';

/** One instruction of a thread, or one section. */
export const stepover: DebuggerCommand = {
  name: 'stepover',
  aliases: ['next', 'n', 'ni', 'nexti'],
  usage: '[T]',
  summary: 'execute one instruction of a thread; a critical section counts as one',
  details:
    'Inside of a section the thread goes on until it has left it: at its end, by a branch, or at its\nabort handler.',
  run(session, words) {
    const { thread, rest } = threadOrSelected(session, words);
    noMore(rest);
    stepOf(session, thread);
    session.selected = thread;
    const section = session.sectionOf(thread);
    let isFirst = true;
    const next = () => {
      const ip = session.ipOf(thread);
      const isInside =
        section !== undefined && ip >= section.startIp && ip < section.startIp + section.length;
      const goesOn = isFirst || (isInside && isOnCpu(session, thread));
      isFirst = false;
      return goesOn ? stepOf(session, thread) : NO_DECISION;
    };
    return move(session, { next, showsSteps: true });
  },
};
