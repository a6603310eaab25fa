import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgramBuilder, Registers, futexWait, futexWake, schedYield } from '@rseqlab/sim-machine';
import type {
  EventAllowance,
  Machine,
  MemoryModelName,
  Operation,
  Thread,
} from '@rseqlab/sim-machine';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { ScenarioRunner } from '../../src/scenario-runner.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { ExhaustiveDirector } from '../../src/search/exhaustive-director.js';
import { UNBOUNDED } from '../../src/search/schedule-bounds.js';
import type { StateFingerprint } from '../../src/search/exhaustive-director.js';

const { r0, r1, r2, r5, r6 } = Registers;

/** Two loads and a sum, in one routine: what was loaded first lives in a register in between. */
const SUM = new ProgramBuilder('sum')
  .label('sum')
  .ld32(r5, r1)
  .ld32(r6, r2)
  .shli(r6, r6, 8)
  .add(r0, r5, r6)
  .ret()
  .build();

const ACTIONS = [
  'store',
  'load',
  'sum',
  'add',
  'count',
  'fetchAdd',
  'yield',
  'wait',
  'wake',
] as const;

type Action = (typeof ACTIONS)[number];

/** Most actions of a thread. */
const RESULT_WORDS = 2;

interface Setting {
  readonly memory: MemoryModelName;
  readonly cpus: number;
  readonly aborts: boolean;
  readonly events: EventAllowance;
  readonly threads: readonly (readonly Action[])[];
}

/** A scenario whose ends are told by what its threads received and by memory. */
function scenarioOf(
  { memory, cpus, aborts, events, threads }: Setting,
  ends: Set<string>,
): Scenario {
  return scenario({
    name: 'random actions',
    // Elsewhere than under sc the kernel's own stores of ids would make too many paths to take them all.
    machine: {
      cpus,
      memory,
      kernel: memory !== 'sc' ? [] : [rseq({ aborts })],
      maxThreads: 4,
      maxProcesses: 1,
    },
    events,
    allowBlocked: true,
    setup(lab) {
      const words = lab.process.allocate(128);
      const method = memory === 'sc' ? 'rseq' : 'plain';
      const counter = PerCpuCounter.create(lab.machine, lab.process, method);
      const sum = lab.machine.install(SUM).routine('sum');
      // The machine forgets a thread that has exited, so what it received is noted in memory.
      const results = lab.process.allocate(threads.length * RESULT_WORDS * 4);
      function* act(t: Thread, action: Action): Operation<number> {
        if (action === 'store') yield* t.store(words, t.id + 1);
        else if (action === 'load') return yield* t.load(words + 64);
        else if (action === 'sum') return yield* t.call(sum, words, words + 64);
        else if (action === 'add') yield* t.store(words + 64, (yield* t.load(words + 64)) + 1);
        else if (action === 'count') yield* counter.add(t, 1);
        else if (action === 'fetchAdd') return yield* t.fetchAdd(words + 64, 16);
        else if (action === 'yield') yield* schedYield(t);
        else if (action === 'wait') return yield* futexWait(t, words, 0);
        else return yield* futexWake(t, words, 1);
        return 0;
      }
      threads.forEach((actions, index) => {
        let result = results + index * RESULT_WORDS * 4;
        lab.spawn(function* body(t) {
          for (const action of actions) {
            lab.process.write32(result, yield* act(t, action));
            result += 4;
          }
        });
      });
      return () => [
        Array.from({ length: threads.length * RESULT_WORDS }, (_, word) =>
          lab.process.read32(results + word * 4),
        ),
        counter.sum(),
        lab.process.read32(words),
        lab.process.read32(words + 64),
      ];
    },
    check(end) {
      ends.add(JSON.stringify(end()));
    },
  });
}

/** A setting with more paths is passed over. */
const MOST_EXECUTIONS = 4000;

/** Tells no two states apart that differ, or none that are the same at all. */
function explore(
  setting: Setting,
  bound: number,
  fingerprint: (machine: Machine) => StateFingerprint,
): { readonly ends: string[]; readonly executions: number; readonly blocked: boolean } | undefined {
  const ends = new Set<string>();
  const none = { low: 0, high: 0, compute: (): void => undefined };
  const placeholder = new ExhaustiveDirector(none);
  const runner = new ScenarioRunner(scenarioOf(setting, ends), placeholder, { fingerprint: true });
  const director = new ExhaustiveDirector(fingerprint(runner.machine));
  director.begin({ ...UNBOUNDED, kernelEvents: bound });
  let executions = 0;
  let blocked = false;
  do {
    const { result } = runner.run(director, { decisions: 400 });
    blocked ||= result.outcome === 'stuck' && !director.cut;
    executions += 1;
    if (executions > MOST_EXECUTIONS) return undefined;
  } while (director.advance());
  return { ends: [...ends].sort(), executions, blocked };
}

/** The machine's own: states that it takes for one are searched once. */
function merging(machine: Machine): StateFingerprint {
  const fingerprint = {
    low: 0,
    high: 0,
    compute(): void {
      machine.fingerprint(fingerprint);
    },
  };
  return fingerprint;
}

/** Every state is new: every path is taken to its end. */
function distinct(): StateFingerprint {
  const fingerprint = { low: 0, high: 0, compute: (): void => void (fingerprint.low += 1) };
  return fingerprint;
}

const actions = (most: number): fc.Arbitrary<Action[]> =>
  fc.array(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: most });

const settings: fc.Arbitrary<Setting & { readonly bound: number }> = fc.oneof(
  fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(1),
    aborts: fc.boolean(),
    events: fc.constant({}),
    threads: fc.tuple(actions(2), actions(2)),
    bound: fc.constant(2),
  }),
  fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(2),
    aborts: fc.boolean(),
    events: fc.constant({ preemption: false, migration: false }),
    threads: fc.tuple(actions(2), actions(2)),
    bound: fc.constant(0),
  }),
  fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(2),
    aborts: fc.constant(true),
    events: fc.constant({ preemption: false, pageFaults: true }),
    threads: fc.tuple(actions(1), actions(1)),
    bound: fc.constant(1),
  }),
  fc.record({
    memory: fc.constantFrom('tso' as const, 'weak' as const),
    cpus: fc.constant(2),
    aborts: fc.constant(true),
    events: fc.constant({ preemption: false, migration: false, spuriousWakes: true }),
    threads: fc.tuple(actions(1), actions(1)),
    bound: fc.constant(1),
  }),
);

describe('a search that takes equal states for one', () => {
  it('reaches every end that a search of every path reaches, in fewer executions', () => {
    let saved = 0;
    fc.assert(
      fc.property(settings, ({ bound, ...setting }) => {
        const all = explore(setting, bound, distinct);
        const merged = explore(setting, bound, merging)!;
        fc.pre(all !== undefined);
        expect(merged.ends).toEqual(all.ends);
        expect(merged.blocked).toBe(all.blocked);
        expect(merged.executions).toBeLessThanOrEqual(all.executions);
        saved += all.executions - merged.executions;
      }),
      { numRuns: 40 },
    );
    expect(saved).toBeGreaterThan(0);
  });
});
