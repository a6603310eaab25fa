import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { TortureIdentity } from '../../src/torture/torture-identity.js';
import { TORTURE_NAMES } from '../../src/torture/torture-programs.js';
import type { TortureName } from '../../src/torture/torture-programs.js';
import { failureLines } from '../../src/torture/torture-text.js';
import type { TortureCell } from '../../src/torture/torture-text.js';
import type { Deed, Way } from '../../src/torture/torture-tally.js';

/** Seeds of one cell and of the next are so far apart. */
const SEEDS_APART = 1_000_000;

/** Executions from which on all that a flavour has must have happened. */
const ENOUGH = 100;

/** Least share of read sections beside which a grace period is under way. */
const LEAST_BESIDE = 0.5;

/** All flavours under all memory models, each from a seed of its own. */
export function allTortures(seed: number): readonly TortureIdentity<TortureName>[] {
  return TORTURE_NAMES.flatMap((name) =>
    MEMORY_MODEL_NAMES.map((memory) => ({ name, memory })),
  ).map((place, n) => ({ ...place, seed: (seed + n * SEEDS_APART) | 0 }));
}

/** What has to happen in a torture of a flavour, for nothing found to mean something. */
function requiredOf(name: TortureName): readonly (Way | Deed)[] {
  const all = ['synchronize', 'nested', 'overlapping sections', 'CPUs on- and offline'] as const;
  if (name.startsWith('processes')) return [...all, 'expedited', 'killed'];
  const inOne = [...all, 'polled', 'call_rcu', 'defer_rcu', 'barriers', 'forks'] as const;
  const signalled = [...inOne, 'in signal handlers'] as const;
  return name.startsWith('per-cpu') ? [...signalled, 'expedited', 'handed over'] : signalled;
}

/** What is wrong with a torture: what it found, or that it did not look. */
export function complaintsOf(cell: TortureCell): readonly string[] {
  const { report, name, memory } = cell;
  const { tally, executions, schedules, failure } = report;
  if (failure !== undefined || executions < ENOUGH) return failureLines(cell);
  const place = `in ${name} under ${memory}`;
  const counts = { ...tally.gracePeriods, ...tally.deeds };
  const complaints = requiredOf(name)
    .filter((what) => counts[what] === 0)
    .map((what) => `expected ${what} ${place}, got none`);
  for (const age of [0, 1])
    if (tally.ages[age] === 0) complaints.push(`expected readers of age ${age} ${place}, got none`);
  if (schedules < executions)
    complaints.push(`expected ${executions} different schedules ${place}, got ${schedules}`);
  const beside = tally.besideGracePeriods / tally.sections;
  if (beside < LEAST_BESIDE)
    complaints.push(
      `expected a grace period beside half of the sections ${place}, got ${beside.toFixed(2)}`,
    );
  return complaints;
}
