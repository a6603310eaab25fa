import {
  DecisionKind,
  decisionKind,
  decisionX,
  decisionY,
  formatDecision,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { EVENT_KINDS } from '../event-kinds.js';
import { noMore } from '../words.js';

/** What can happen now besides steps. */
export const events: DebuggerCommand = {
  name: 'events',
  summary: 'list what can happen now besides steps, as the commands that make it happen',
  details:
    'Lists what a search of this scenario would try (see events of its definition); the commands\nmake any other event happen as well, if the kernel can be in it.',
  run({ run }, words) {
    noMore(words);
    const possible = run
      .possible()
      .filter((decision) => decisionKind(decision) !== DecisionKind.Step);
    const lines = possible.map(commandFor);
    return reply(lines.length === 0 ? 'nothing\n' : lines.map((line) => `${line}\n`).join(''), {
      events: possible.map((decision, i) => ({
        command: lines[i],
        decision,
        isKernelEvent: isKernelEvent(decision),
      })),
    });
  },
};

function commandFor(decision: Decision): string {
  const kind = EVENT_KINDS.find((candidate) => candidate.kind === decisionKind(decision));
  return kind?.text(decisionX(decision), decisionY(decision)) ?? formatDecision(decision);
}
