import { check } from '@rseqlab/explorer';
import { SignalNumber } from '@rseqlab/sim-machine';
import { LockInTwoSteps, interruptedReader } from '../properties/interrupted-reader-scenario.js';
import { markdownTable } from './markdown-table.js';

/** Stores that a CPU can buffer; the last is what a machine has. */
const ENTRIES = [1, 2, 3, 4, 5, 6, 7, 8];

/** Paths after which a search is given up. */
const MOST = 10_000_000;

const MODELS = ['tso', 'weak'] as const;

/** A signal whose handler reads at any instruction of a reader, in every state. */
export function signalTable(): string {
  const rows = ENTRIES.flatMap((entries) =>
    [undefined, LockInTwoSteps].map((variant) => {
      const cells = MODELS.map((memory) => {
        const program = interruptedReader({
          memory,
          entries,
          events: { signals: [SignalNumber.SIGUSR1] },
          ...(variant && { make: (machine, process) => new variant(machine, process) }),
        });
        const limits = { kernelEvents: 1, executions: MOST } as const;
        const { finding, states, reason } = check(program, { search: 'states', ...limits });
        if (finding !== undefined) return `fails: ${finding.kind}`;
        return reason === 'the bound of 1 kernel events' ? `${states} states` : `${states}, no end`;
      });
      const row = [
        entries,
        variant === undefined ? 'the library' : 'a lock in two steps',
        ...cells,
      ];
      console.error(row.join('  '));
      return row;
    }),
  );
  return markdownTable(['entries', 'reader', ...MODELS], rows);
}
