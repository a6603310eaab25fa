import { describe, expect, it } from 'vitest';
import { check } from '../../../src/search/check.js';
import type { SearchName } from '../../../src/search/strategies.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import { recordRun } from '../../../src/trace/record-run.js';
import { shrinkRun } from '../../../src/shrink/shrink-run.js';
import type { Part, Twins } from '../../findings/programs.js';
import { apart, locks, spinsOn, spinsOnBoth, stores } from './spinning-programs.js';

const EXHAUSTIVE: readonly SearchName[] = ['graphs', 'classes', 'states'];
const SEARCHES: readonly SearchName[] = [...EXHAUSTIVE, 'random', 'pct', 'walk'];
const MODE = { scheduling: 'free', granularity: 'access' } as const;

const TWINS: readonly Twins[] = [
  {
    what: 'a flag that is never set',
    broken: apart([spinsOn(0), stores(1, 1)]),
    finds: { kind: 'unsatisfied-await', thread: 0, waits: [{ thread: 0, resource: 'await' }] },
    correct: apart([spinsOn(0), stores(0, 1)]),
  },
  {
    what: 'a flag that is taken back, if that comes too soon',
    broken: apart([spinsOn(0), stores(0, 1, 0)]),
    finds: { kind: 'unsatisfied-await', thread: 0 },
    correct: apart([spinsOn(0), stores(0, 1, 2)]),
  },
  {
    what: 'two flags of which one is never set',
    broken: apart([spinsOnBoth, stores(0, 1)]),
    finds: { kind: 'unsatisfied-await', thread: 0 },
    correct: apart([spinsOnBoth, stores(0, 1), stores(1, 1)]),
  },
  {
    what: 'two locks in opposite order',
    broken: apart([locks(0, 1), locks(1, 0)]),
    finds: { kind: 'deadlock', cycle: [0, 1] },
    correct: apart([locks(0, 1), locks(0, 1)]),
  },
];

describe.each(SEARCHES)('the search %s', (search) => {
  it.each(TWINS)('finds threads that spin for ever: $what', ({ broken, finds }) => {
    expect(check(broken, { search })).toMatchObject({ outcome: 'fails', finding: finds });
  });

  it.each(TWINS)('finds nothing in the twin of $what', ({ correct }) => {
    const executions = EXHAUSTIVE.includes(search) ? {} : { executions: 100 };
    const { outcome, finding, blocked } = check(correct, { search, ...executions });
    expect(finding).toBeUndefined();
    expect(blocked).toBe(0);
    expect(outcome).toBe(EXHAUSTIVE.includes(search) ? 'holds' : 'unknown');
  });
});

/** Waits for a word with a fence in every round. */
const spinsWithFence: Part = function* fenced(t, [word]) {
  while ((yield* t.load(word!)) === 0) yield* t.fence();
};

/** Those under the weak model, where threads that spin may read what is old. */
const WEAK: readonly Twins[] = [
  ...TWINS,
  {
    what: 'a flag that is taken back, by one that waits with fences',
    broken: apart([spinsWithFence, stores(0, 1, 0)]),
    finds: { kind: 'unsatisfied-await', thread: 0 },
    correct: apart([spinsWithFence, stores(0, 1, 2)]),
  },
];

describe.each(['graphs', 'random', 'pct', 'walk'] as const)(
  'under weak, the search %s',
  (search) => {
    const options = { search, machine: { memory: 'weak' }, decisions: 500 } as const;

    it.each(WEAK)('finds threads that spin for ever: $what', ({ broken, finds }) => {
      const machine = { ...broken.machine, ...options.machine };
      expect(check(broken, { ...options, machine })).toMatchObject({
        outcome: 'fails',
        finding: finds,
      });
    });

    it.each(WEAK)('finds nothing in the twin of $what, and comes to an end', ({ correct }) => {
      const machine = { ...correct.machine, ...options.machine };
      const executions = EXHAUSTIVE.includes(search) ? {} : { executions: 100 };
      const { outcome, finding, reason } = check(correct, { ...options, machine, ...executions });
      expect(finding).toBeUndefined();
      if (EXHAUSTIVE.includes(search)) expect(outcome).toBe('holds');
      else expect(reason).toBe('the number of executions to sample');
    });
  },
);

describe('a loop of loads', () => {
  it('is gone round once for each value that it reads', () => {
    const reading = apart([spinsOn(0), stores(0, 0, 0, 1)]);
    // A store of what is there already changes nothing: the thread reads before the last store, or not.
    expect(check(reading, { search: 'classes' }).classes).toBe(
      check(reading, { search: 'graphs' }).classes,
    );
    expect(check(reading, { search: 'classes' }).classes).toBe(4);
  });

  it.each(EXHAUSTIVE)('that counts to an end is gone through by %s', (search) => {
    const counting = (rounds: number) =>
      apart([
        function* reader(t, [word]) {
          for (let i = 0; i < rounds; i++) yield* t.load(word!);
          yield* t.store(word! + 4, 1);
        },
      ]);
    expect(check(counting(200), { search })).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each(EXHAUSTIVE)('that failed once is told apart from one that did not, by %s', (search) => {
    const taking: Part = function* taking(t, words, lab) {
      let failed = 0;
      while ((yield* t.exchange(words[0]!, 1)) !== 0) failed += 1;
      // A program may go by that, as one does that backs off; to leave failed rounds out would miss it.
      lab.expectEqual(failed, 0, 'rounds that failed', t);
      yield* t.storeRelease(words[0]!, 0);
    };
    const found = check(apart([taking, taking]), { search });
    expect(found).toMatchObject({ outcome: 'fails', finding: { kind: 'assertion' } });
    if (search === 'states') return;
    // Who comes first, and whether the other came too soon.
    expect(check(apart([locks(0), locks(0)]), { search }).classes).toBe(4);
  });

  it('is told where a run is replayed from its decisions, and is shrunk', () => {
    const [{ broken }] = TWINS as [Twins];
    const { decisions } = check(broken, { search: 'random' });
    const recorded = { decisions: decisions!, ...MODE };
    const trace = recordRun(broken, recorded);
    expect(trace.outcome).toBe('stuck');
    expect(trace.finding).toMatchObject({
      kind: 'unsatisfied-await',
      message:
        'expected T0 spinner to see the word at 0x10000000 change from 0, got no thread that is left to change it',
      waits: [{ text: 'waits for the word at 0x10000000 (now 0) to change' }],
    });
    const shrunk = shrinkRun(broken, recorded)!;
    expect(shrunk.finding.kind).toBe('unsatisfied-await');
    expect(shrunk.cost.switches).toBeLessThanOrEqual(1);
  });

  it('comes to the same in units as in one go, under sc and tso', () => {
    for (const memory of ['sc', 'tso'] as const) {
      const program = apart([spinsOnBoth, stores(0, 1, 0, 1), stores(1, 1)]);
      const machine = { cpus: 3, memory };
      const limits = { kernelEvents: 0, executions: 10_000, decisions: 1000 };
      const whole = new StatelessSearch(program, machine).run(limits);
      const planner = new StatelessSearch(program, machine);
      const units = planner.plan(limits, 6);
      expect(units.length).toBeGreaterThan(1);
      const fingerprints = new Set<string>();
      let own = 0;
      for (const unit of [...units].reverse()) {
        const result = new StatelessSearch(program, machine).runUnit(unit, limits);
        expect(result.end).toBe('all');
        own += result.ownClasses;
        for (let i = 0; i < result.fingerprints.length; i += 2)
          fingerprints.add(`${result.fingerprints[i]!}:${result.fingerprints[i + 1]!}`);
      }
      expect(own + fingerprints.size).toBeGreaterThanOrEqual(whole.classes);
      expect(whole.end).toBe('all');
    }
  });
});
