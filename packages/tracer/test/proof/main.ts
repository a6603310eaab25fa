// Measures what docs/tracer-proof.md has in its table of models: npm run proof -- ring
import { LARGE_ROWS, SMALL_ROWS, modelText, searched } from './ring-rows.js';
import type { RingRow } from './ring-rows.js';

const HEAD = ['model', 'memory', 'preemptions', 'searched', 'answer'];

/** A row of the table, as Markdown has it. */
function line(row: RingRow): string {
  const { model, memory, search, symmetry, preemptions = 'any' } = row;
  const { outcome, finding, states, executions, reason } = searched(row);
  const how =
    search === 'states'
      ? `${states.toLocaleString('en')} states${memory === 'weak' ? '' : ', reduced'}${symmetry === true ? ', symmetric' : ''}`
      : `${executions.toLocaleString('en')} executions, ${Object.keys(search).join('')}`;
  const isWhole = outcome === 'holds' || /^the bound|^the number/.test(reason ?? '');
  const answer = finding?.message ?? (isWhole ? 'nothing found' : reason);
  return cells([modelText(model), memory, preemptions, how, answer]);
}

function cells(values: readonly unknown[]): string {
  return `| ${values.map(String).join(' | ')} |`;
}

console.log(cells(HEAD));
console.log(cells(HEAD.map(() => '---')));
for (const row of [...SMALL_ROWS, ...LARGE_ROWS]) console.log(line(row));
