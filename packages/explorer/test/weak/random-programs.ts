import fc from 'fast-check';
import { exchange, fence, fencer, fencew, load, store } from './weak-program.js';
import type { Instruction, WeakProgram } from './weak-program.js';

type Access = (first: Instruction | undefined) => Instruction;

const value = fc.constantFrom(1, 2);
const depends = fc.constantFrom('no', 'no', 'address', 'data');

/** An access of a place; one that can depends on the load before it, or orders by itself. */
function access(place: fc.Arbitrary<number>, into: number): fc.Arbitrary<Access> {
  return fc
    .record({
      place,
      value,
      on: depends,
      strong: fc.integer({ max: 3, min: 0 }),
      isLoad: fc.boolean(),
    })
    .map(({ place: at, value: written, on, strong, isLoad }): Access => {
      return (first) => {
        const from = first?.kind === 'load' ? first.into : undefined;
        const address = on === 'address' && from !== undefined ? { address: from } : {};
        if (isLoad) return load(at, into, { acquire: strong === 0, ...address });
        const data = on === 'data' && from !== undefined ? { data: from } : {};
        return store(at, written, { release: strong === 0, ...address, ...data });
      };
    });
}

const between: fc.Arbitrary<readonly Instruction[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.constantFrom(fence, fencer, fencew).map((each) => [each]) },
  { weight: 1, arbitrary: fc.constant([exchange(2, 1, 3)]) },
);

/** A thread of `count` accesses, with something between them or not. */
function thread(count: number, places: number): fc.Arbitrary<Instruction[]> {
  const accesses = fc.tuple(
    ...Array.from({ length: count }, (_, i) => access(fc.nat(places - 1), Math.min(i, 2))),
  );
  const fences = fc.array(between, { minLength: count, maxLength: count });
  return fc.tuple(accesses, fences).map(([made, separators]) => {
    const instructions: Instruction[] = [];
    let last: Instruction | undefined;
    made.forEach((make, i) => {
      if (i > 0) instructions.push(...separators[i]!);
      last = make(last);
      instructions.push(last);
    });
    return instructions;
  });
}

/** Small programs in which threads communicate and order what they do, now and then well enough. */
export const programs: fc.Arbitrary<WeakProgram> = fc.oneof(
  fc.tuple(thread(2, 2), thread(2, 2)),
  fc.tuple(thread(3, 2), thread(3, 2)),
  fc.tuple(thread(1, 2), thread(2, 2), thread(2, 2)),
  fc.tuple(thread(2, 3), thread(2, 3), thread(2, 3)),
  fc.tuple(thread(1, 2), thread(1, 2), thread(2, 2), thread(2, 2)),
);
