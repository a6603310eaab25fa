import { NO_DECISION } from '@rseqlab/sim-machine';
import { CommandError } from '../../command-error.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { move } from '../movement.js';
import { countOf, noMore } from '../words.js';

/** The next decisions of what lies ahead. */
export const forward: DebuggerCommand = {
  name: 'forward',
  aliases: ['f'],
  usage: '[N]',
  summary: 'make the next N decisions that lie ahead: of a token, or after a step back',
  run(session, [count, ...rest]) {
    noMore(rest);
    const { run } = session;
    let left = countOf(count);
    if (run.ahead === 0)
      throw new CommandError('expected decisions that lie ahead, got the end of what was recorded');
    const next = () => (left-- > 0 ? run.nextRecorded : NO_DECISION);
    return move(session, { next, showsSteps: true });
  },
};
