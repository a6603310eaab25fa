import { TurnTaking } from '@rseqlab/explorer';
import { NO_DECISION } from '@rseqlab/sim-machine';
import type { DebuggerCommand } from '../debugger-command.js';
import { move } from '../movement.js';
import { canProgress, expectUnfinished, stepOf } from '../moving-thread.js';
import { noMore, threadOrSelected } from '../words.js';

/** On to the next breakpoint. */
export const continueRun: DebuggerCommand = {
  name: 'continue',
  aliases: ['c'],
  usage: '[T]',
  summary: 'go on to a breakpoint, a finding or the end; with T only that thread',
  details:
    'What lies ahead of a recorded run, or after a step back, is followed. Beyond that every CPU\nexecutes one instruction in turn, and no kernel event comes.',
  run(session, words) {
    expectUnfinished(session);
    const { run } = session;
    const { thread, rest } = threadOrSelected(session, words);
    noMore(rest);
    if (words.length > 0) {
      stepOf(session, thread);
      session.selected = thread;
      const next = () => (canProgress(session, thread) ? stepOf(session, thread) : NO_DECISION);
      return move(session, { next, showsSteps: false });
    }
    const turns = new TurnTaking();
    return move(session, {
      next: (point) => (run.ahead > 0 ? run.nextRecorded : turns.next(point)),
      showsSteps: false,
    });
  },
};
