import Table from 'cli-table3';
import type { HostNote } from './host-note.js';
import type { Quartiles } from '../measure/quartiles.js';
import type { Report, Row } from './report.js';

/** A report as a person reads it. */
export function reportText({ title, unit, relativeTo, rows }: Report): string {
  const hasVerdicts = rows.some(({ passed }) => passed !== undefined);
  const head = [
    '',
    unit,
    ...(relativeTo === undefined ? [] : [relativeTo, 'quartiles']),
    ...(hasVerdicts ? ['wanted', ''] : []),
  ];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(cells(row, relativeTo !== undefined, hasVerdicts));
  return `${title}\n${table.toString()}\n`;
}

/** The machine's note as a person reads it. */
export function hostText({ cores, processor, architecture, node, load }: HostNote): string {
  return `${cores} cores, ${processor} (${architecture}), node ${node}, load ${load.toFixed(1)}; rates by processor time, medians of interleaved rounds`;
}

function cells(row: Row, hasRelative: boolean, hasVerdicts: boolean): string[] {
  const { label, value, relative, required, passed } = row;
  return [
    label,
    count(value.median),
    ...(hasRelative
      ? [relative === undefined ? '' : fixed(relative.median), spread(relative)]
      : []),
    ...(hasVerdicts
      ? [
          required === undefined ? '' : `>= ${count(required)}`,
          passed === undefined ? '' : passed ? 'PASS' : 'MISS',
        ]
      : []),
  ];
}

function spread(quartiles: Quartiles | undefined): string {
  return quartiles === undefined ? '' : `${fixed(quartiles.low)} to ${fixed(quartiles.high)}`;
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function count(value: number): string {
  if (value < 100) return String(Math.round(value * 100) / 100);
  return Math.round(value).toLocaleString('en-US');
}
