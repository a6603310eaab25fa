import { hunt, shrunkBug } from '../bugs/hunt.js';
import type { KnownBug } from '../bugs/known-bug.js';
import { KNOWN_BUGS } from '../bugs/known-bugs.js';
import { markdownTable } from './markdown-table.js';

/** Seeds of the samples; odd in number, so that one is in the middle. */
const SEEDS = [1, 2, 3, 4, 5];

/** Executions after which a sample gives up. */
const MOST = 4_000;

/** Executions that a sampling search needs to find a bug: the median over the seeds. */
function sampled(bug: KnownBug, search: 'pct' | 'random'): string {
  const needed = SEEDS.map((seed) => {
    const { outcome, executions } = hunt(bug, { search, seed, executions: MOST });
    return outcome === 'fails' ? executions : Infinity;
  }).sort((a, b) => a - b);
  const median = needed[(SEEDS.length - 1) / 2]!;
  const missed = needed.filter((count) => count === Infinity).length;
  if (missed === 0) return String(median);
  const found = `${SEEDS.length - missed} of ${SEEDS.length}`;
  return median === Infinity ? `over ${MOST} (${found})` : `${median} (${found})`;
}

/** What it takes to find a bug, and the token of its shrunk schedule. */
function bugRow(bug: KnownBug): {
  readonly row: readonly unknown[];
  readonly token: string;
} {
  const result = hunt(bug, { search: 'states' });
  if (result.outcome !== 'fails') throw new Error(`expected "${bug.name}" to be found`);
  const { decisions, token } = shrunkBug(bug, result);
  const row = [
    bug.name,
    bug.model,
    bug.kernelEvents,
    result.executions,
    result.states,
    sampled(bug, 'pct'),
    sampled(bug, 'random'),
    decisions,
  ];
  console.error(row.join('  '));
  return { row, token };
}

/** What it takes to find each of the known bugs. */
export function bugTable(): string {
  const rows = KNOWN_BUGS.map(bugRow);
  const head = [
    'bug',
    'model',
    'kernel events',
    'exhaustive',
    'states',
    'PCT',
    'random',
    'shrunk to',
  ];
  const table = markdownTable(
    head,
    rows.map(({ row }) => row),
  );
  return `${table}\n\n${rows.map(({ row, token }) => `${String(row[0])}: ${token}`).join('\n')}`;
}
