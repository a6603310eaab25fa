import fc from 'fast-check';
import { exchange, fence, fencer, fencew, load, store } from './weak-program.js';
import type { Instruction, WeakProgram } from './weak-program.js';

type Access = (first: Instruction | undefined) => Instruction;

const value = fc.constantFrom(1, 2);
const depends = fc.constantFrom('no', 'address', 'data');

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

/** A thread that accesses these places, with something between the accesses or not. */
function thread(...places: readonly fc.Arbitrary<number>[]): fc.Arbitrary<Instruction[]> {
  const accesses = fc.tuple(...places.map((place, i) => access(place, Math.min(i, 2))));
  const fences = fc.tuple(...places.map(() => between));
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

const [x, y, z] = [fc.constant(0), fc.constant(1), fc.constant(2)] as const;
const either = fc.nat(1);

/** Small programs in which threads communicate and order what they do, now and then well enough. */
export const programs: fc.Arbitrary<WeakProgram> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(thread(x, y), thread(y, x)) },
  { weight: 2, arbitrary: fc.tuple(thread(x), thread(x, y), thread(y, x)) },
  { weight: 2, arbitrary: fc.tuple(thread(x, y), thread(y, z), thread(z, x)) },
  { weight: 1, arbitrary: fc.tuple(thread(x), thread(y), thread(x, y), thread(y, x)) },
  {
    weight: 2,
    arbitrary: fc.tuple(thread(either, either, either), thread(either, either, either)),
  },
);
