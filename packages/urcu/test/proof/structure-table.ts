import { check } from '@rseqlab/explorer';
import { reclaiming } from '../structures/reclaiming.js';
import type { Workload } from '../structures/reclaiming.js';
import { shortestReclamation } from '../structures/reclamation.js';
import { SMALL_USES, small } from '../structures/small-workloads.js';
import { markdownTable } from './markdown-table.js';

/** Executions after which a search is given up. */
const MOST = 500_000;

const MODELS = ['sc', 'tso'] as const;

/** What the search of every class of executions says of a workload. */
function verdict(workload: Workload): string {
  const { outcome, finding, executions } = check(reclaiming(workload), {
    search: 'classes',
    kernelEvents: 0,
    executions: MOST,
  });
  if (outcome === 'fails') return `${finding?.kind ?? ''} in execution ${executions}`;
  return outcome === 'holds' ? `${executions}` : `${executions} and no end`;
}

/** Every structure with its nodes freed, in every class of executions of some work, and what is found where it is broken. */
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
