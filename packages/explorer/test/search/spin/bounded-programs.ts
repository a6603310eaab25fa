import { schedYield } from '@rseqlab/sim-machine';
import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { expect } from 'vitest';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import { everyInterleaving } from '../stateless/every-interleaving.js';

/** A program with more interleavings is passed over, unless it says otherwise. */
const MOST_EXECUTIONS = 4_000;

/** Rounds after which a loop gives up that is not held back. Those before the last that matters leave nothing behind. */
const ROUNDS = 3;

/** What a loop reads in a round, written out. */
export const WRITTEN = {
  *twice(t, x) {
    return [yield* t.load(x), yield* t.load(x)];
  },
  *twiceAndYields(t, x) {
    const first = yield* t.load(x);
    yield* schedYield(t);
    return [first, yield* t.load(x)];
  },
  *around(t, x, y) {
    return [yield* t.load(x), yield* t.load(y), yield* t.load(x)];
  },
} satisfies Record<string, (t: Thread, x: number, y: number) => Operation<number[]>>;

/** A step of a round: what is read, or that others go first. */
export type Step = 'x' | 'y' | 'z' | 'yield' | 'exchange x' | 'fence';

/** A thread that goes round a loop, beside others that store. */
export interface BoundedProgram {
  readonly memory: MemoryModelName;
  readonly cpus: number;
  /** What is read before the loop. */
  readonly before: readonly Step[];
  readonly round: readonly Step[] | keyof typeof WRITTEN;
  /** The loop ends where what a round has read is content: as bits, by how many words of it are not 0. */
  readonly contents: number;
  /** Whether the bits of {@link contents} are by which of the words are not 0. */
  readonly isInOrder?: boolean;
  /** What a round that reads it ends with. */
  readonly last?: number;
  /** After which rounds it ends only: as bits, by which of the words were not 0; the first bit if there was none. */
  readonly after?: number;
  readonly stores: readonly (readonly (readonly [word: number, value: number])[])[];
}

/** Goes round in two reads of a word, behind one of it, until one of them or both are set. */
export const TWICE: BoundedProgram = {
  memory: 'sc',
  cpus: 2,
  before: ['x'],
  round: ['x', 'x'],
  contents: 0b110,
  stores: [[[0, 1]]],
};

function* take(t: Thread, words: readonly number[], step: Step): Operation<number | undefined> {
  switch (step) {
    case 'x':
      return yield* t.load(words[0]!);
    case 'y':
      return yield* t.load(words[1]!);
    case 'z':
      return yield* t.load(words[2]!);
    case 'exchange x':
      return yield* t.exchange(words[0]!, 1);
    case 'yield':
      yield* schedYield(t);
      return undefined;
    case 'fence':
      yield* t.fence();
      return undefined;
  }
}

type Values = readonly (number | undefined)[];

/** Which of the words that were read are not 0, as bits. */
function bitsOf(values: Values): number {
  const read = values.filter((value) => value !== undefined);
  return read.reduce((bits, value) => bits * 2 + Number(value !== 0), 0);
}

function isContent(program: BoundedProgram, values: Values, before: Values): boolean {
  const { contents, isInOrder = false, after = -1 } = program;
  const set = values.filter((value) => value !== undefined && value !== 0).length;
  const bit = isInOrder ? bitsOf(values) : set;
  return ((contents >>> bit) & 1) === 1 && ((after >>> bitsOf(before)) & 1) === 1;
}

/** Tells of every execution that ends what was read before the loop, and in its last round, and what is left in memory. */
function scenarioOf(program: BoundedProgram, rounds: number, ends: Set<string>): Scenario {
  const { memory, cpus, before, round, stores } = program;
  return scenario<{ readonly words: readonly number[]; readonly seen: string[] }>({
    name: 'bounded',
    machine: { cpus, memory, maxThreads: 4, maxProcesses: 1, memoryBytes: 2 ** 22 },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup(lab) {
      const words = Array.from({ length: 3 }, () => lab.process.allocate(4));
      const seen: string[] = [];
      lab.spawn(
        function* spinner(t) {
          for (const step of before) seen.push(`${yield* take(t, words, step)}`);
          let last: Values = [];
          for (let n = 0; n < rounds; n++) {
            let values: (number | undefined)[] = [];
            if (typeof round === 'string') values = yield* WRITTEN[round](t, words[0]!, words[1]!);
            else
              for (const step of round) {
                const value = yield* take(t, words, step);
                values.push(value);
                if (value !== undefined && value === program.last) break;
              }
            if (isContent(program, values, last)) {
              seen.push(values.join());
              return;
            }
            last = values;
          }
          seen.push('gave up');
        },
        { cpu: 0 },
      );
      stores.forEach((list, index) => {
        lab.spawn(
          function* storing(t) {
            for (const [word, value] of list) yield* t.store(words[word]!, value);
          },
          { cpu: (index + 1) % cpus },
        );
      });
      return { words, seen };
    },
    check({ words, seen }, lab) {
      if (seen.at(-1) === 'gave up') return;
      ends.add(`${seen.join(' ')} leaves ${words.map((word) => lab.process.read32(word)).join()}`);
    },
  });
}

/** Rounds after which it has come to all that it may: what reads alone leaves nothing behind but what it remembers. */
function roundsOf({ round, after }: BoundedProgram): number {
  if (after !== undefined && after !== -1) return ROUNDS;
  if (typeof round !== 'string' && round.includes('exchange x')) return ROUNDS;
  return ROUNDS - 1;
}

/** What the executions come to in which the loop gives up in time; undefined if there are too many. */
function endsOfAll(program: BoundedProgram, most: number): string[] | undefined {
  const ends = new Set<string>();
  const all = everyInterleaving(scenarioOf(program, roundsOf(program), ends), 0, most);
  return all && [...ends].sort();
}

function endsOf(program: BoundedProgram, search: 'graphs' | 'classes'): string[] {
  const ends = new Set<string>();
  const { outcome } = check(scenarioOf(program, Infinity, ends), { search, decisions: 1000 });
  expect(outcome).toBe('holds');
  return [...ends].sort();
}

/** Whether a search comes to what all interleavings come to of a loop that gives up; false if there are too many. @param most - interleavings */
export function isCompared(program: BoundedProgram, most: number = MOST_EXECUTIONS): boolean {
  const expected = endsOfAll(program, most);
  if (expected === undefined) return false;
  expect(endsOf(program, 'graphs')).toEqual(expected);
  if (program.memory !== 'weak') expect(endsOf(program, 'classes')).toEqual(expected);
  return true;
}
