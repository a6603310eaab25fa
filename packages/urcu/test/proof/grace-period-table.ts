import { check } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { EXPEDITED_ATTEMPTS } from '../../src/domain/grace-period.js';
import { ablatedPlan } from '../ablation/ablation.js';
import { oneDirection } from '../ablation/one-direction.js';
import { deferFork } from '../deferred/defer-fork-scenario.js';
import { ImpatientDomain, besideReader } from '../domain/expedited-scenario.js';
import { severalUpdaters } from '../domain/several-updaters-scenario.js';
import type { SeveralUpdaters } from '../domain/several-updaters-scenario.js';
import { forkBeside, unhandled } from '../fork-beside-scenario.js';
import { wrappingCookie } from '../properties/wrapping-cookie.js';
import { markdownTable } from './markdown-table.js';

/** What is searched, in words, by model; or by `sc` alone. */
type Case = readonly [
  words: string,
  make: (memory: MemoryModelName) => Scenario,
  isLarge?: boolean,
];

const [fence, membarrier] = [barrierPlanOf('fence'), barrierPlanOf('membarrier')];

const CASES: readonly Case[] = [
  ['expedited, fences', (memory) => besideReader(memory, fence)],
  ['expedited, membarrier', (memory) => besideReader(memory, membarrier)],
  ['expedited, without B', (memory) => besideReader(memory, { ...fence, B: false })],
  ['expedited, gives up looking', (memory) => besideReader(memory, fence, ImpatientDomain)],
  ...[1, 0, -2, -1].map((passed): Case => {
    const cookie = { bits: 2, passed, others: 1 };
    return [
      `cookie of 2 bits, behind ${passed}`,
      (memory) => wrappingCookie({ ...cookie, memory }),
    ];
  }),
  ['cookie of 3 bits', (memory) => wrappingCookie({ bits: 3, passed: 3, others: 3, memory }), true],
  [
    'cookie of 2 bits, compared plainly',
    (memory) => wrappingCookie({ bits: 2, passed: 1, others: 1, isPlain: true, memory }),
  ],
  ['fork beside a reader', (memory) => forkBeside({ beside: 'reads', memory })],
  ['fork beside an updater', (memory) => forkBeside({ beside: 'updates', memory }), true],
  [
    'fork beside a reader, no handler',
    (memory) => forkBeside({ beside: 'reads', memory, inChild: unhandled }),
  ],
  [
    'fork beside an updater, no handler',
    (memory) => forkBeside({ beside: 'updates', memory, inChild: unhandled }),
  ],
  ['fork beside a thread that defers', () => deferFork(), true],
  ['fork beside a thread that defers, no lock', () => deferFork({ before: false }), true],
  ['fork beside a thread that defers, of a domain', () => deferFork({ isLarge: true }), true],
];

/** Executions after which a search is given up. */
const MOST = 1_000_000;

/** The same for three and four threads. */
const MOST_SEVERAL = 10_000_000;

function verdict(scenario: Scenario): string {
  const limits = { kernelEvents: 0, executions: MOST, decisions: 5000 };
  const { finding, states, executions, kernelEvents } = check(scenario, {
    search: 'states',
    ...limits,
  });
  if (finding !== undefined) return `fails: ${finding.kind}`;
  if (kernelEvents > 0) throw new Error('expected no kernel events');
  return executions >= MOST ? `${states} states and no end` : `${states} states`;
}

/** How often an expedited grace period looks before it sleeps, where that is bounded for the weak model. */
const LOOKS = [3, EXPEDITED_ATTEMPTS];

/** Expedited grace periods in halves, as `oneDirection` has them, under the weak model. */
function weakTable(): string {
  const rows = (['fence', 'membarrier'] as const).flatMap((kind) =>
    LOOKS.flatMap((attempts) =>
      (kind === 'fence' ? ([[], ['C']] as const) : ([[]] as const)).map((without) => {
        const plan = ablatedPlan(kind, without);
        const cells = (['down', 'up'] as const).map((direction) =>
          verdict(
            oneDirection({ direction, plan, attempts, goesOn: true, machine: { memory: 'weak' } }),
          ),
        );
        const row = [kind, without.join() || 'nothing', attempts, ...cells];
        console.error(row.join('  '));
        return row;
      }),
    ),
  );
  return markdownTable(['barriers by', 'without', 'looks', 'down, weak', 'up, weak'], rows);
}

/** Three and four threads of a domain under `sc`, in every state that there is within a bound. */
const SEVERAL: readonly (readonly [
  words: string,
  who: Pick<SeveralUpdaters, 'readers' | 'updaters' | 'isShared'>,
  preemptions?: number,
])[] = [
  ['1 reader, 2 updaters', { readers: 1, updaters: 2 }],
  ['2 readers, 1 updater', { readers: 2, updaters: 1 }],
  ['2 readers, 2 updaters on one CPU', { readers: 2, updaters: 2, isShared: true }],
  ['2 readers, 2 updaters, 1 preemption', { readers: 2, updaters: 2 }, 1],
];

function severalTable(): string {
  const rows = SEVERAL.map(([words, who, preemptions = Infinity]) => {
    const cells = [true, false].map((waits) => {
      const limits = { kernelEvents: 0, preemptions, executions: MOST_SEVERAL, decisions: 5000 };
      const program = severalUpdaters({ ...who, waits, memory: 'sc' });
      const result = check(program, {
        search: 'states',
        reduce: preemptions === Infinity,
        ...limits,
      });
      const { finding, states, executions } = result;
      if (finding !== undefined) return `fails: ${finding.kind}`;
      return executions >= MOST_SEVERAL ? `${states} states and no end` : `${states} states`;
    });
    const row = [words, ...cells];
    console.error(row.join('  '));
    return row;
  });
  return markdownTable(['threads', 'waits', 'does not'], rows);
}

/** Executions that are drawn by PCT of four threads. */
const DRAWN = 300;

/** Four threads of a domain, which have more states than can be taken: executions that are drawn. */
function drawnTable(): string {
  const threads = [
    { readers: 3, updaters: 1 },
    { readers: 2, updaters: 2 },
  ];
  const rows = threads.flatMap((who) =>
    ([0, 1] as const).flatMap((kernelEvents) =>
      [true, false].map((waits) => {
        const cells = (['sc', 'tso', 'weak'] as const).map((memory) => {
          const limits = { kernelEvents, executions: DRAWN, seed: 1 };
          const program = severalUpdaters({ ...who, memory, waits });
          const { finding, executions, classes } = check(program, { search: 'pct', ...limits });
          return finding ? `fails: ${finding.kind}, after ${executions}` : `${classes} classes`;
        });
        const row = [who.readers, who.updaters, kernelEvents, waits ? 'yes' : 'no', ...cells];
        console.error(row.join('  '));
        return row;
      }),
    ),
  );
  const head = ['readers', 'updaters', 'kernel events', 'waits', 'sc', 'tso', 'weak'];
  return markdownTable(head, rows);
}

/** Expedited and polled grace periods, and those around fork, in every state. */
export function gracePeriodTable(): string {
  const rows = CASES.map(([words, make, isLarge = false]) => {
    const cells = (['sc', 'tso'] as const).map((memory) =>
      isLarge && memory !== 'sc' ? '' : verdict(make(memory)),
    );
    const row = [words, ...cells];
    console.error(row.join('  '));
    return row;
  });
  return [
    markdownTable(['what', 'sc', 'tso'], rows),
    weakTable(),
    severalTable(),
    drawnTable(),
  ].join('\n\n');
}
