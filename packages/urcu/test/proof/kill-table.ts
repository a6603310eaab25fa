import { check } from '@rseqlab/explorer';
import { readerDies } from '../processes/dying-scenario.js';
import { markdownTable } from './markdown-table.js';

/** Executions after which a search is given up. */
const MOST = 1_500_000;

/** How far it was searched that a reader which is killed does not keep an updater from going on. */
export function killTable(): string {
  const rows = ([1, 2] as const).map((cpus) => {
    const result = check(readerDies({}, ['reader'], cpus), {
      search: 'states',
      kernelEvents: 1,
      decisions: 3000,
      executions: MOST,
    });
    const { outcome, executions, states, kernelEvents, finding, reason } = result;
    const row = [cpus, executions, states, kernelEvents, finding?.kind ?? outcome, reason ?? ''];
    console.error(row.join('  '));
    return row;
  });
  return markdownTable(['CPUs', 'paths', 'states', 'kernel events', 'outcome', ''], rows);
}
