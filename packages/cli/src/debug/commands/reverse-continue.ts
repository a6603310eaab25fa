import { Arrivals } from '@rseqlab/explorer';
import { CommandError } from '../../command-error.js';
import type { Breakpoint } from '../breakpoints.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { goBack } from '../going-back.js';
import { noMore } from '../words.js';

/** Back to where a breakpoint was hit last. */
export const reverseContinue: DebuggerCommand = {
  name: 'reverse-continue',
  aliases: ['rc'],
  summary: 'go back to where a thread came to a breakpoint last, or to the start',
  run(session, words) {
    noMore(words);
    const { run, breakpoints } = session;
    const { position } = run;
    if (position === 0)
      throw new CommandError('expected a run to go back in, got the start of the run');
    let last = {
      position: 0,
      thread: session.selected,
      breakpoint: undefined as Breakpoint | undefined,
    };
    let arrivals: Arrivals | undefined;
    breakpoints.restart();
    run.goTo(position, () => {
      if (arrivals === undefined) {
        arrivals = new Arrivals(run);
        return;
      }
      for (const arrival of arrivals.look()) {
        const breakpoint = breakpoints.hit(run, arrival);
        if (breakpoint !== undefined && run.position < position)
          last = { position: run.position, thread: arrival.thread, breakpoint };
      }
    });
    session.selected = last.thread;
    const { breakpoint } = last;
    const reason =
      breakpoint === undefined
        ? 'the start of the run'
        : `breakpoint ${breakpoint.number}, ${breakpoint.text}: T${last.thread}`;
    return goBack(session, last.position, reason);
  },
};
