import { check } from '@rseqlab/explorer';
import { beside } from '../processes/beside-scenario.js';
import type { Beside } from '../processes/beside-scenario.js';
import { markdownTable } from './markdown-table.js';

/** What a reader does beside an updater, in words, and who may be killed at any step. */
const CASES: readonly (readonly [words: string, what: Beside])[] = [
  ['reads', { kills: [] }],
  ['reads', { kills: ['reader'] }],
  ['reads', { kills: ['reader', 'updater'] }],
  ['joins, reads, leaves', { kills: [], comesLate: true }],
  ['joins, reads, leaves', { kills: ['reader'], comesLate: true }],
  ['joins, reads, leaves', { kills: ['reader', 'updater'], comesLate: true }],
  ['reads, looks for the dead', { kills: ['updater'], then: ['recover'] }],
  ['reads, looks for the dead', { kills: ['reader', 'updater'], then: ['recover'] }],
  ['reads, updates', { kills: ['updater'], then: ['synchronize'] }],
  ['reads, updates', { kills: ['reader', 'updater'], then: ['synchronize'] }],
];

/** How many states there are of a reader and an updater of two processes, each of which may be killed. */
export function killTable(): string {
  const rows = CASES.map(([words, what]) => {
    const cells = (['sc', 'tso'] as const).map((memory) => {
      const result = check(beside({ ...what, memory }), { search: 'states', decisions: 5000 });
      const { outcome, states, kernelEvents, finding } = result;
      return outcome === 'holds'
        ? `${states} states, ${kernelEvents} killed`
        : `${states} states: ${finding?.kind ?? outcome}`;
    });
    const row = [words, what.kills.join(', '), ...cells];
    console.error(row.join('  '));
    return row;
  });
  return markdownTable(['reader', 'may be killed', 'sc', 'tso'], rows);
}
