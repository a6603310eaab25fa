// Small programs of threads that are equal but for their own words and numbers.
import type { Operation, Thread } from '@rseqlab/sim-machine';
import fc from 'fast-check';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';

/** What a thread does next. `count` is a word that all share, `name` one in which they leave their names. */
export type Action = 'add' | 'look' | 'count' | 'sign' | 'read' | 'keep' | 'mark' | 'wait';

/** Threads that all do the same, one that does something else, and what is never to be seen in the end. */
export interface EqualThreads {
  readonly equal: number;
  readonly actions: readonly Action[];
  readonly other: readonly Action[];
  readonly cpus: number;
  /** A name that is not to be left last; none where it is -1. */
  readonly unwanted: number;
}

/** Names of threads, as they lie in memory. */
export const FIRST_NAME = 100;

/** Words in memory: shared ones, and one of each thread. */
export const WORDS = { count: 0, name: 1, marks: 2, own: 3 } as const;

const actions = (least: number, most: number): fc.Arbitrary<Action[]> =>
  fc.array(
    fc.constantFrom<Action>('add', 'look', 'count', 'sign', 'read', 'keep', 'mark', 'wait'),
    {
      minLength: least,
      maxLength: most,
    },
  );

/** Two or three equal threads, and maybe another. */
export const equalThreads: fc.Arbitrary<EqualThreads> = fc.oneof(
  fc.record({
    equal: fc.constant(2),
    actions: actions(1, 3),
    other: actions(0, 2),
    cpus: fc.constantFrom(1, 2),
    unwanted: fc.integer({ min: -1, max: 1 }),
  }),
  fc.record({
    equal: fc.constant(3),
    actions: actions(1, 2),
    other: actions(0, 1),
    cpus: fc.constant(1),
    unwanted: fc.integer({ min: -1, max: 2 }),
  }),
);

/** What a run has in it that is none of the machine's business: what programs received, and the words' address. */
export interface Notes {
  received: [Action, number][][];
  address: number;
}

/** The scenario of a program; what memory ends with goes to `ends`, and what threads received to `notes`. */
export function scenarioOf(
  program: EqualThreads,
  ends = new Set<string>(),
  notes: Notes = { received: [], address: 0 },
): Scenario {
  const { equal, actions: same, other, cpus, unwanted } = program;
  const bodies = [
    ...Array.from({ length: equal }, () => same),
    ...(other.length > 0 ? [other] : []),
  ];
  return scenario({
    name: 'equal threads',
    machine: { cpus, maxThreads: bodies.length, maxProcesses: 1, memoryBytes: 2 ** 22 },
    events: { migration: cpus > 1 },
    allowBlocked: true,
    interchangeable: [Array.from({ length: equal }, (_, n) => n)],
    setup(lab) {
      const address = (notes.address = lab.process.allocate(4 * (WORDS.own + bodies.length)));
      notes.received = bodies.map(() => []);
      bodies.forEach((body, n) => {
        const received = notes.received[n]!;
        lab.spawn(
          function* equalThread(t) {
            for (const action of body) yield* act(t, action, address, n, received);
          },
          { cpu: 0 },
        );
      });
      return address;
    },
    check(address, lab) {
      const words = Array.from({ length: WORDS.own + bodies.length }, (_, n) =>
        lab.process.read32(address + 4 * n),
      );
      ends.add(words.join());
      if (unwanted >= 0)
        lab.expect(words[WORDS.name] !== FIRST_NAME + unwanted, 'another name to be last');
    },
  });
}

function* act(
  t: Thread,
  action: Action,
  address: number,
  n: number,
  received: [Action, number][],
): Operation<void> {
  const own = address + 4 * (WORDS.own + n);
  const take = (value: number): number => {
    received.push([action, value]);
    return value;
  };
  switch (action) {
    case 'add':
      take(yield* t.fetchAdd(address, 1));
      return;
    case 'look':
      take(yield* t.load(address));
      return;
    case 'count':
      yield* t.store(address, take(yield* t.load(address)) + 1);
      return;
    case 'sign':
      yield* t.store(address + 4 * WORDS.name, FIRST_NAME + n);
      return;
    case 'read':
      take(yield* t.load(address + 4 * WORDS.name));
      return;
    case 'keep':
      yield* t.store(own, take(yield* t.load(address + 4 * WORDS.name)));
      return;
    case 'mark':
      take(yield* t.fetchOr(address + 4 * WORDS.marks, 1 << n));
      return;
    case 'wait':
      take(yield* t.waitUntilNotEqual(address, 0));
  }
}
