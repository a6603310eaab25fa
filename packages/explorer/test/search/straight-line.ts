import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';

/** One operation of a thread on location `x`; a load feeds the store behind it in `add`. */
export type Access =
  | { readonly kind: 'load'; readonly x: number }
  | { readonly kind: 'store'; readonly x: number; readonly value: number }
  /** Loads, then stores what it found plus 1: two accesses. */
  | { readonly kind: 'increment'; readonly x: number }
  /** Stores to x the sum of what it finds in x and y: three accesses. */
  | { readonly kind: 'accumulate'; readonly x: number; readonly y: number }
  | { readonly kind: 'fetchAdd'; readonly x: number };

export const load = (x: number): Access => ({ kind: 'load', x });
export const store = (x: number, value = 1): Access => ({ kind: 'store', x, value });
export const increment = (x: number): Access => ({ kind: 'increment', x });
export const accumulate = (x: number, y: number): Access => ({ kind: 'accumulate', x, y });
export const fetchAdd = (x: number): Access => ({ kind: 'fetchAdd', x });

/** Threads of accesses; one CPU each. */
export type Program = readonly (readonly Access[])[];

/** What a complete execution ends with: the values each thread loaded, then the locations. */
export type Outcome = string;

/** Values of locations at the start; 0 where there is none. */
export type Initial = readonly number[];

function* perform(t: Thread, access: Access, at: (x: number) => number): Operation<number[]> {
  switch (access.kind) {
    case 'load':
      return [yield* t.load(at(access.x))];
    case 'store':
      yield* t.store(at(access.x), access.value);
      return [];
    case 'increment': {
      const found = yield* t.load(at(access.x));
      yield* t.store(at(access.x), found + 1);
      return [found];
    }
    case 'accumulate': {
      const one = yield* t.load(at(access.x));
      const other = yield* t.load(at(access.y));
      yield* t.store(at(access.x), one + other);
      return [one, other];
    }
    case 'fetchAdd':
      return [yield* t.fetchAdd(at(access.x), 1)];
  }
}

/** A program as a scenario without kernel events; `outcomes` collects how its executions end. */
export function scenarioOf(
  program: Program,
  memory: MemoryModelName,
  outcomes = new Set<Outcome>(),
  initial: Initial = [],
): Scenario {
  const threads = program.length;
  const used = program
    .flat()
    .flatMap((access) => [access.x, access.kind === 'accumulate' ? access.y : 0]);
  const locations = Math.max(0, ...used) + 1;
  return scenario({
    name: 'straight line',
    machine: { cpus: threads, maxThreads: threads, maxProcesses: 1, memory },
    events: { preemption: false, migration: false },
    setup(lab) {
      const base = lab.process.allocate(64 * locations);
      const at = (x: number): number => base + 64 * x;
      initial.forEach((value, x) => {
        lab.process.write32(at(x), value);
      });
      const loaded: number[][] = program.map(() => []);
      program.forEach((accesses, index) => {
        lab.spawn(
          function* body(t) {
            for (const access of accesses) loaded[index]!.push(...(yield* perform(t, access, at)));
          },
          { cpu: index, name: `P${index}` },
        );
      });
      return { at, loaded };
    },
    check({ at, loaded }, lab) {
      const values = Array.from({ length: locations }, (_, x) => lab.process.read32(at(x)));
      outcomes.add(`${loaded.map((list) => list.join(' ')).join(' | ')} ; ${values.join(' ')}`);
    },
  });
}
