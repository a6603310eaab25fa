import { CommandError } from '../../command-error.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { goBack } from '../going-back.js';
import { countOf, noMore } from '../words.js';

/** Takes decisions back. */
export const reverseStep: DebuggerCommand = {
  name: 'reverse-step',
  aliases: ['rs', 'rsi', 'reverse-stepi'],
  usage: '[N]',
  summary: 'take the last N decisions back, whoever they were about',
  run(session, [count, ...rest]) {
    noMore(rest);
    const { position } = session.run;
    if (position === 0)
      throw new CommandError('expected a decision to take back, got the start of the run');
    return goBack(session, Math.max(0, position - countOf(count)));
  },
};
