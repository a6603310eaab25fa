import type { Operation, Thread } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../../src/findings/detection.js';
import type { Heap } from '../../src/findings/heap.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import { failureOf, programOf } from './programs.js';
import type { Part, Twins } from './programs.js';

const memory = { detect: ['memory'] } as const;
const leaks = { detect: ['leaks'] } as const;

/** Publishes a block in a word, and frees it at once or when the reader says so. */
const writer = (waits: boolean): Part =>
  function* writes(t, [published, done], lab) {
    const block = yield* lab.heap.malloc(t, 8);
    yield* t.store(block, 7);
    yield* t.storeRelease(published!, block);
    if (waits) yield* t.waitUntilEqual(done!, 1);
    yield* lab.heap.free(t, block);
  };

function* reader(...[t, [published, done]]: Parameters<Part>) {
  const block = yield* t.loadAcquire(published!);
  if (block !== 0) yield* t.load(block);
  yield* t.storeRelease(done!, 1);
}

const alone = (run: Part, options = memory as object) => programOf([run], options);

const TWINS: readonly Twins[] = [
  {
    what: 'a use after free',
    broken: programOf([writer(false), reader], memory),
    finds: { kind: 'use-after-free', thread: 1 },
    correct: programOf([writer(true), reader], memory),
  },
  {
    what: 'an access behind a block',
    broken: alone(function* (t, _words, lab) {
      yield* t.store((yield* lab.heap.malloc(t, 8)) + 8, 1);
    }),
    finds: {
      kind: 'out-of-bounds',
      message: expect.stringContaining('0 bytes behind a block of 8 bytes') as string,
    },
    correct: alone(function* (t, _words, lab) {
      yield* t.store((yield* lab.heap.malloc(t, 8)) + 4, 1);
    }),
  },
  {
    what: 'a double free',
    broken: sharing(function* (t, taken, heap) {
      const block = yield* t.load(taken);
      yield* t.store(taken, 0);
      yield* heap.free(t, block);
    }),
    finds: { kind: 'double-free' },
    correct: sharing(function* (t, taken, heap) {
      yield* heap.free(t, yield* t.exchange(taken, 0));
    }),
  },
  {
    what: 'a free of what is no block',
    broken: alone(function* (t, [word], lab) {
      yield* lab.heap.free(t, word!);
    }),
    finds: { kind: 'invalid-free' },
    correct: alone(function* (t, _words, lab) {
      yield* lab.heap.free(t, 0);
    }),
  },
  {
    what: 'a leak',
    broken: alone(function* (t, _words, lab) {
      yield* lab.heap.malloc(t, 24);
    }, leaks),
    finds: {
      kind: 'leak',
      message: expect.stringContaining('got one of 24 bytes') as string,
      places: [{ role: 'allocation', thread: 0 }],
    },
    correct: alone(function* (t, _words, lab) {
      yield* lab.heap.free(t, yield* lab.heap.malloc(t, 24));
    }, leaks),
  },
];

/** Two threads that find a block in a word. */
function sharing(run: (t: Thread, taken: number, heap: Heap) => Operation<void>): Scenario {
  return scenario({
    name: 'a block in a word',
    machine: { cpus: 2 },
    events: { migration: false },
    ...memory,
    setup({ heap, process }) {
      const word = process.allocate(4);
      process.write32(word, heap.allocate(4));
      for (let i = 0; i < 2; i++)
        process.spawn(function* frees(t) {
          yield* run(t, word, heap);
        });
    },
  });
}

describe('misuse of memory', () => {
  it.each(TWINS)('is found: $what', ({ broken, finds }) => {
    expect(check(broken)).toMatchObject({ outcome: 'fails', finding: finds });
  });

  it.each(TWINS)('is not found in the twin of $what', ({ correct }) => {
    expect(check(correct)).toMatchObject({ outcome: 'holds' });
  });

  it('has the places of the use, of the free and of the allocation, each with its line', () => {
    const { finding } = failureOf(TWINS[0]!.broken)!;
    expect(finding?.message).toMatch(
      /^expected T1 reader to access memory that is handed out, got load of 4 bytes at 0x[0-9a-f]+ of what was freed, byte 0 of a block of 8 bytes$/,
    );
    expect(
      finding?.places?.map(({ role, thread, source }) => [role, thread, source?.file]),
    ).toEqual([
      ['access', 1, 'heap.test.ts'],
      ['free', 0, 'heap.test.ts'],
      ['allocation', 0, 'heap.test.ts'],
    ]);
    const lines = finding!.places!.map(({ source }) => source!.line);
    expect(new Set(lines).size).toBe(3);
  });

  it('is looked for only where the scenario asks for it', () => {
    const usesHeap = (detect?: readonly Detection[]) =>
      scenario({ name: 'uses a heap', ...(detect && { detect }), setup: ({ heap }) => heap });
    expect(check(usesHeap(['memory']))).toMatchObject({ outcome: 'holds' });
    const refused = expect.objectContaining({ code: 'ERR_SCENARIO' }) as Error;
    expect(() => check(usesHeap())).toThrow(refused);
    expect(() => usesHeap(['everything' as Detection])).toThrow(refused);
  });
});

describe('a heap', () => {
  it('hands out first what was freed last, to who asks for the same size', () => {
    const seen: number[] = [];
    const program = alone(function* (t, _words, { heap }) {
      const first = yield* heap.malloc(t, 8);
      const second = yield* heap.malloc(t, 8);
      yield* heap.free(t, first);
      yield* heap.free(t, second);
      const other = yield* heap.malloc(t, 12);
      const again = [yield* heap.malloc(t, 8), yield* heap.malloc(t, 8)];
      seen.splice(0, seen.length, first, second, other, ...again);
    });
    expect(check(program).outcome).toBe('holds');
    const [first, second, other, ...again] = seen;
    expect(again).toEqual([second, first]);
    expect(new Set(seen).size).toBe(3);
    expect(other).toBeGreaterThan(second!);
  });

  it('returns 0 when there is no more', () => {
    const seen: number[] = [];
    const program = alone(function* (t, _words, { heap }) {
      seen.splice(0, seen.length, yield* heap.malloc(t, 4000), yield* heap.malloc(t, 4000));
    });
    expect(check(program).outcome).toBe('holds');
    expect(seen[0]).toBeGreaterThan(0);
    expect(seen[1]).toBe(0);
  });

  it.each([0, -4, 1.5])('refuses %d bytes', (bytes) => {
    const program = alone(function* (t, _words, { heap }) {
      yield* heap.malloc(t, bytes);
    });
    expect(() => check(program)).toThrow(expect.objectContaining({ code: 'ERR_SCENARIO' }));
  });
});
