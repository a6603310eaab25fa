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
  const lines = Object.entries(SMALL_USES).flatMap(([name, use]) => {
    const { structure, waits, work, mistakes } = use;
    const correct = { structure, waits, reclamation: shortestReclamation };
    return [
      ...work.map((words) => ({ name, words, mistake: '', workload: correct })),
      ...mistakes.map(({ words, mistake, change }) => ({
        name,
        words,
        mistake,
        workload: { ...correct, ...change },
      })),
    ];
  });
  const columns = MODELS.map((memory) =>
    lines.map(({ name, words, mistake, workload }) => {
      // That a mistake is found takes no weaker model.
      if (mistake !== '' && memory !== 'sc') return '';
      const cell = verdict({ ...workload, ...small(words), memory });
      console.error([memory, name, words, mistake, cell].join('  '));
      return cell;
    }),
  );
  return markdownTable(
    ['structure', 'work', 'mistake', ...MODELS],
    lines.map(({ name, words, mistake }, n) => [
      name,
      `\`${words.replace('|', '\\|')}\``,
      mistake,
      ...columns.map((column) => column[n]),
    ]),
  );
}
