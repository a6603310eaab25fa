import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector, fork, setAffinity } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { LeftBy } from '../../src/domain/open-sections.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { UrcuError } from '../../src/urcu-error.js';
import { replacing } from '../replacing-scenario.js';

type Body = (t: Thread, domain: RcuDomain, other: RcuDomain) => Operation<unknown>;

/** Runs threads one after the other, and says what each was told. */
function run(bodies: readonly Body[], leftBy: LeftBy = 'owner') {
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const [domain, other] = [0, 1].map(() => RcuDomain.create(machine, process, { leftBy })) as [
    RcuDomain,
    RcuDomain,
  ];
  const errors: UrcuError[] = [];
  for (const body of bodies)
    process.spawn(function* user(t) {
      try {
        yield* body(t, domain, other);
      } catch (error) {
        errors.push(error as UrcuError);
      }
    });
  const { steps, cycles } = machine.run();
  const codes = errors.map(({ code }) => code);
  return { domain, codes, messages: errors.map(({ message }) => message), steps, cycles };
}

const word = (t: Thread) => t.stackPointer - 64;

const MISUSE: readonly (readonly [string, readonly Body[], readonly [number, number]])[] = [
  [
    'that was given back already',
    [
      function* (t, it) {
        const token = yield* it.readLock(t);
        yield* it.readUnlock(t, token);
        yield* it.readUnlock(t, token);
      },
    ],
    [0, 0],
  ],
  [
    'that was given back already, in another section on the same CPU',
    [
      function* (t, it) {
        const [outer, inner] = [yield* it.readLock(t), yield* it.readLock(t)];
        for (const token of [inner, outer, outer]) yield* it.readUnlock(t, token);
      },
    ],
    [0, 0],
  ],
  [
    'of a domain that it is in no section of',
    [
      function* (t, it, other) {
        yield* other.readUnlock(t, yield* it.readLock(t));
      },
    ],
    [1, 0],
  ],
  [
    'of a section that it has handed over',
    [
      function* (t, it) {
        const token = yield* it.readLock(t);
        yield* it.handOver(t, token, word(t));
        yield* it.readUnlock(t, token);
      },
    ],
    [1, 0],
  ],
  [
    'that it hands over for the second time',
    [
      function* (t, it) {
        const token = yield* it.readLock(t);
        yield* it.handOver(t, token, word(t));
        yield* it.handOver(t, token, word(t));
      },
    ],
    [1, 0],
  ],
  [
    'of a section that was taken over already',
    [
      function* (t, it) {
        yield* it.handOver(t, yield* it.readLock(t), word(t));
        yield* it.readUnlock(t, yield* it.takeOver(t, word(t)));
        yield* it.takeOver(t, word(t));
      },
    ],
    [0, 0],
  ],
];

/** One thread enters a section, another that has its token leaves it. */
function theft(): Body[] {
  let token: RcuToken | undefined;
  return [
    function* owner(t, it) {
      token = yield* it.readLock(t);
    },
    function* thief(t, it) {
      yield* it.readUnlock(t, token!);
    },
  ];
}

describe('a thread that leaves a section', () => {
  it.each(MISUSE)('is told of a token %s, and nothing is counted', (_, bodies, readers) => {
    const { codes, domain, messages } = run(bodies);
    expect(codes).toEqual(['ERR_TOKEN']);
    expect(messages[0]).toMatch(/^expected .*, got .*$/);
    expect(domain.activeReaders()).toEqual(readers);
  });

  it("is told of another thread's token", () => {
    const { codes, domain } = run(theft());
    expect(codes).toEqual(['ERR_TOKEN']);
    expect(domain.activeReaders()).toEqual([1, 0]);
  });

  it("leaves another thread's where anybody may", () => {
    const { codes, domain } = run(theft(), 'anybody');
    expect(codes).toEqual([]);
    expect(domain.activeReaders()).toEqual([0, 0]);
  });

  it('may leave any number of sections in any order, each once', () => {
    const { codes, domain } = run(
      [1, 2].map(
        () =>
          function* (t, it) {
            const tokens: RcuToken[] = [];
            for (let n = 0; n < 9; n++) {
              yield* setAffinity(t, [n & 1]);
              tokens.push(yield* it.readLock(t));
            }
            for (const n of [4, 8, 0, 7, 1, 2, 3, 5, 6]) yield* it.readUnlock(t, tokens[n]!);
          } satisfies Body,
      ),
    );
    expect(codes).toEqual([]);
    expect(domain.activeReaders()).toEqual([0, 0]);
  });

  it('takes as many steps as one that is not looked at', () => {
    const pairs: Body = function* (t, it) {
      for (let n = 0; n < 10; n++) yield* it.readUnlock(t, yield* it.readLock(t));
    };
    const [owned, anybodys] = [run([pairs]), run([pairs], 'anybody')];
    expect(owned.steps).toBe(anybodys.steps);
    expect(owned.cycles).toBe(anybodys.cycles);
  });
});

describe('a forked child', () => {
  /** What a child is told that leaves a section of its parent twice. */
  const told = (inherits: boolean) => {
    const codes: string[] = [];
    run([
      function* parent(t, it) {
        const token = yield* it.readLock(t);
        yield* fork(t, function* child(c) {
          yield* it.afterForkChild(c, inherits ? [token] : []);
          for (let n = 0; n < 2; n++)
            try {
              yield* it.readUnlock(c, token);
              codes.push('none');
            } catch (error) {
              codes.push((error as UrcuError).code);
            }
        });
        yield* it.readUnlock(t, token);
      },
    ]);
    return codes;
  };

  it('leaves each section that it has of its parent once', () => {
    expect(told(true)).toEqual(['none', 'ERR_TOKEN']);
  });

  it('has none that it did not say it was in', () => {
    expect(told(false)).toEqual(['ERR_TOKEN', 'ERR_TOKEN']);
  });
});

describe('a search', () => {
  /** A thread takes a section that another hands over, or leaves it without. */
  const handing = (takes: boolean) =>
    scenario({
      name: 'a token in a word',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
      events: { preemption: false, migration: false },
      setup({ machine, process }) {
        const rcu = RcuDomain.create(machine, process);
        const handed = process.allocate(4);
        process.spawn(function* gives(t) {
          yield* rcu.handOver(t, yield* rcu.readLock(t), handed);
        });
        process.spawn(function* leaves(t) {
          const token = (yield* t.waitUntilNotEqual(handed, 0)) - 1;
          yield* rcu.readUnlock(t, takes ? yield* rcu.takeOver(t, handed) : (token as RcuToken));
        });
      },
    });

  it('finds a section that is left by who has not taken it, and nothing where it was', () => {
    expect(check(handing(false), { search: 'states' })).toMatchObject({
      outcome: 'fails',
      finding: { kind: 'misuse', code: 'ERR_TOKEN' },
    });
    expect(check(handing(true), { search: 'states' }).outcome).toBe('holds');
  });

  it('finds as many states as without', () => {
    const states = (leftBy: LeftBy) =>
      check(
        replacing({ make: (machine, process) => RcuDomain.create(machine, process, { leftBy }) }),
        {
          search: 'states',
          kernelEvents: 1,
        },
      ).states;
    expect(states('owner')).toBe(states('anybody'));
  });
});
