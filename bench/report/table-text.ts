import Table from 'cli-table3';
import type { TableReport } from './table-report.js';

/** A table as a person reads it. */
export function tableText({ title, head, digits, rows, notes }: TableReport): string {
  const hasVerdicts = rows.some(({ passed }) => passed !== undefined);
  const heads = [...head, ...(hasVerdicts ? [''] : [])];
  const table = new Table({
    head: heads,
    colAligns: heads.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  for (const { cells, passed } of rows)
    table.push([
      ...cells.map((cell) => (typeof cell === 'number' ? fixed(cell, digits) : cell)),
      ...(hasVerdicts ? [passed === undefined ? '' : passed ? 'PASS' : 'MISS'] : []),
    ]);
  return [title, table.toString(), ...notes, ''].join('\n');
}

function fixed(value: number, digits: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
