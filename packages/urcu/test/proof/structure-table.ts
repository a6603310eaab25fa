import { check } from '@rseqlab/explorer';
import { reclaiming } from '../structures/reclaiming.js';
import type { Workload } from '../structures/reclaiming.js';
import { shortestReclamation } from '../structures/reclamation.js';
import { SMALL_USES, small } from '../structures/small-workloads.js';
import { markdownTable } from './markdown-table.js';

/** Paths after which a search is given up. */
const MOST = 100_000;

const MODELS = ['sc', 'tso', 'weak'] as const;

/** What the search of every state says of a workload. */
function verdict(workload: Workload): string {
  const { outcome, finding, states } = check(reclaiming(workload), {
    search: 'states',
    kernelEvents: 0,
    executions: MOST,
  });
  if (outcome === 'fails') return `fails: ${finding?.kind ?? ''}`;
  return outcome === 'holds' ? `${states} states` : `${states} states and no end`;
}

/** Every structure with its nodes freed, in every state of some work, and what is found where it is broken. */
export function structureTable(): string {
  const rows = Object.entries(SMALL_USES).flatMap(
    ([name, { structure, waits, work, mistakes }]) => {
      const correct = { structure, waits, reclamation: shortestReclamation };
      const row = (words: string, what: string, change: Partial<Workload>) => {
        const cells = MODELS.map((memory) =>
          verdict({ ...correct, ...small(words), ...change, memory }),
        );
        console.error([name, words, what, ...cells].join('  '));
        return [name, `\`${words.replace('|', '\\|')}\``, what, ...cells];
      };
      return [
        ...work.map((words) => row(words, '', {})),
        ...mistakes.map(({ words, mistake, change }) => row(words, mistake, change)),
      ];
    },
  );
  return markdownTable(['structure', 'work', 'mistake', ...MODELS], rows);
}
