import { check } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { poisoning } from '../structures/poisoning.js';
import type { Poisoned } from '../structures/poisoning.js';
import { POISONED_USES } from '../structures/poisoned-uses.js';
import { small } from '../structures/small-workloads.js';
import { markdownTable } from './markdown-table.js';

/** Executions after which a search is given up. */
const MOST = 300_000;

/** The same under `weak`, of work that has more states than were ever taken. */
const BOUNDED = 50_000;

const MODELS: readonly MemoryModelName[] = ['sc', 'tso', 'weak'];

/** What the search of every state says of a use. */
function verdict(use: Poisoned, most: number): string {
  const { outcome, finding, states, executions } = check(poisoning(use), {
    search: 'states',
    kernelEvents: 0,
    executions: most,
  });
  if (outcome === 'fails') return `fails: ${finding?.kind ?? ''}, after ${executions} paths`;
  return outcome === 'holds' ? `${states} states` : `${states} states and no end`;
}

/** Every structure with its nodes poisoned, in every state of some work, and what orders are found to be needed. */
export function poisonedTable(): string {
  const rows = Object.entries(POISONED_USES).flatMap(([name, use]) => {
    const { work, leftOut, structure, waits, reclamation, underWeak = Infinity } = use;
    const correct = { structure, waits, ...(reclamation && { reclamation }) };
    const row = (
      words: string,
      without: string,
      change: Partial<Poisoned>,
      underWeak = MOST,
    ): string[] => {
      const cells = MODELS.map((memory) =>
        verdict(
          { ...correct, work: small(words), memory, ...change },
          memory === 'weak' ? underWeak : MOST,
        ),
      );
      const line = [name, `\`${words.replace('|', '\\|')}\``, without, ...cells];
      console.error(line.join('  '));
      return line;
    };
    return [
      ...work.map((words, n) => row(words, '', {}, n < underWeak ? MOST : BOUNDED)),
      ...leftOut.map(({ order, words, breaking }) => row(words, order, { breaking })),
    ];
  });
  return markdownTable(['structure', 'work', 'without', ...MODELS], rows);
}
