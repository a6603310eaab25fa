import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WatchedProcess } from './shadow-fixture.js';

const THREADS = 3;
const step = fc.record({
  thread: fc.nat(THREADS - 1),
  what: fc.constantFrom('load', 'store', 'lock', 'unlock', 'update'),
  where: fc.nat(2),
  size: fc.constantFrom(1, 2, 4),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Access {
  readonly index: number;
  readonly thread: number;
  readonly start: number;
  readonly end: number;
  readonly write: boolean;
  readonly atomic: boolean;
}

/**
 * Whether any two accesses race, from the definition: reachability over program order, the order of
 * release and acquire of each lock, and the order of updates of each word.
 */
function races(steps: readonly Step[]): boolean {
  const before = steps.map(() => new Set<number>());
  const link = (from: number, to: number): void => {
    before[to]!.add(from);
    for (const each of before[from]!) before[to]!.add(each);
  };
  const accesses: Access[] = [];
  steps.forEach(({ thread, what, where, size }, index) => {
    for (let earlier = 0; earlier < index; earlier++) {
      const other = steps[earlier]!;
      if (other.thread === thread) link(earlier, index);
      if (other.where !== where) continue;
      if (what === 'lock' && other.what === 'unlock') link(earlier, index);
      if (what === 'update' && other.what === 'update') link(earlier, index);
    }
    if (what === 'lock' || what === 'unlock') return;
    const atomic = what === 'update';
    const start = where * 2 + (atomic ? 128 + where * 2 : 0);
    const end = start + (atomic ? 4 : size);
    accesses.push({ index, thread, start, end, write: what !== 'load', atomic });
  });
  return accesses.some((second) =>
    accesses.some(
      (first) =>
        first.index < second.index &&
        first.thread !== second.thread &&
        first.start < second.end &&
        second.start < first.end &&
        (first.write || second.write) &&
        !(first.atomic && second.atomic) &&
        !before[second.index]!.has(first.index),
    ),
  );
}

const program = fc.oneof(
  fc.array(step, { maxLength: 6, size: 'max' }),
  fc.array(step, { maxLength: 24, size: 'max' }),
);

describe('the race detector', () => {
  it('finds a race exactly when two accesses race by definition, run after run', () => {
    fc.assert(
      fc.property(fc.array(program, { maxLength: 12, size: 'max' }), (programs) => {
        const process = new WatchedProcess();
        const { races: detector } = process.shadow;
        for (const steps of programs) {
          for (const { thread, what, where, size } of steps) {
            if (what === 'load') process.load(thread, where * 2, size);
            else if (what === 'store') process.store(thread, where * 2, 1, size);
            else if (what === 'update') process.update(thread, 128 + where * 4);
            else if (what === 'lock') detector!.acquire(thread, where);
            else detector!.release(thread, where);
          }
          expect(process.kinds.length > 0).toBe(races(steps));
          process.shadow.reset();
        }
      }),
      { numRuns: 200 },
    );
  });
});
