import { MachineError, NO_DECISION } from '@rseqlab/sim-machine';
import { CommandError } from '../command-error.js';
import type { DebuggerCommand } from './debugger-command.js';
import { EVENT_KINDS } from './event-kinds.js';
import { move } from './movement.js';
import { expectUnfinished } from './moving-thread.js';

/** A command for every kind of event. */
export const EVENT_COMMANDS: readonly DebuggerCommand[] = EVENT_KINDS.map((kind) => ({
  name: kind.name,
  ...(kind.usage === undefined ? {} : { usage: kind.usage }),
  summary: kind.summary,
  run(session, words) {
    expectUnfinished(session);
    const decision = kind.decision(session, words);
    let isMade = false;
    const next = () => {
      if (isMade) return NO_DECISION;
      isMade = true;
      return decision;
    };
    try {
      return move(session, { next, showsSteps: true });
    } catch (error) {
      if (!(error instanceof MachineError) || error.code !== 'ERR_DECISION') throw error;
      const asked = [kind.name, ...words].join(' ');
      throw new CommandError(
        `expected an event that the kernel can be in now (events lists some), got "${asked}"`,
        undefined,
        { cause: error },
      );
    }
  },
}));
