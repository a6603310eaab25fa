import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector, verifySections } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import {
  MAX_COPY_BYTES,
  PerCpuPrimitives,
  PrimitiveOutcome,
  RuntimeError,
  cmpeqvTrymemcpyStorev,
  currentIndex,
  primitiveProgram,
  rseq,
} from '../../src/index.js';
import type { PrimitiveAttempt, PrimitiveOptions } from '../../src/index.js';
import { DEFINITIONS } from './primitive-fixture.js';

/** Runs one thread with primitives on a machine of one CPU. */
function run(
  body: (t: Thread, primitives: PerCpuPrimitives, words: number) => Operation<void>,
  options: PrimitiveOptions = {},
  autoRegister = true,
): { readonly process: Process; readonly words: number } {
  const machine = new Machine({ cpus: 1, kernel: [rseq({ autoRegister })] }, new TimedDirector());
  const process = machine.createProcess('main');
  const primitives = PerCpuPrimitives.create(machine, process, options);
  const words = process.allocate(64);
  process.spawn(function* only(t) {
    yield* body(t, primitives, words);
  });
  expect(machine.run().outcome).toBe('finished');
  return { process, words };
}

describe('a primitive', () => {
  it('is done in one call of exec, without a generator of its own', () => {
    const { process, words } = run(function* (t, { addv, cmpnevStoreoffpLoad }, at) {
      if (!addv.start(t, at, 5, 0)) yield;
      expect(t.result).toBe(PrimitiveOutcome.Committed);
      if (!addv.start(t, at, 5, 1)) yield;
      expect(t.result).toBe(PrimitiveOutcome.Aborted);
      yield* t.store(at + 4, at + 8);
      if (!cmpnevStoreoffpLoad.start(t, at + 4, 0, 4, 0)) yield;
      expect(t.result).toBe(PrimitiveOutcome.Committed);
      expect(cmpnevStoreoffpLoad.loaded(t)).toBe(at + 8);
    });
    expect(process.read32(words)).toBe(5);
    expect(process.read32(words + 4)).toBe(0);
  });

  it('hands an aborted attempt to the fallback, and returns what that says', () => {
    const attempts: PrimitiveAttempt[] = [];
    const fallback: PrimitiveOptions['fallback'] = function* (t, attempt) {
      attempts.push(attempt);
      yield* t.store(attempt.args[0]!, 7);
      return { outcome: PrimitiveOutcome.Committed, loaded: 3 };
    };
    const { process, words } = run(
      function* (t, primitives, at) {
        const elsewhere = yield* primitives.addv.run(t, at, 5, 1);
        expect(elsewhere).toEqual({ outcome: PrimitiveOutcome.Committed, loaded: 3 });
        const here = yield* primitives.addv.run(t, at, 5, 0);
        expect(here).toEqual({ outcome: PrimitiveOutcome.Committed, loaded: 0 });
      },
      { fallback, order: 'release' },
    );
    expect(attempts).toMatchObject([
      { definition: { name: 'addv' }, order: 'release', index: 'cpu_id', args: [words, 5, 1] },
    ]);
    expect(process.read32(words)).toBe(12);
  });

  it('does not call the fallback when a compare said no', () => {
    run(
      function* (t, primitives, at) {
        const { outcome } = yield* primitives.cmpeqvStorev.run(t, at, 1, 2, 0);
        expect(outcome).toBe(PrimitiveOutcome.CompareFailed);
      },
      {
        *fallback() {
          throw new Error('not wanted');
        },
      },
    );
  });

  it.each(['cpu_id', 'mm_cid'] as const)(
    'by %s on a thread that nobody registered throws ERR_UNREGISTERED',
    (index) => {
      expect(() =>
        run(
          function* (t, primitives, at) {
            expect(yield* currentIndex(t, index)).toBe(-1);
            yield* primitives.addv.run(t, at, 1, 0);
          },
          { index },
          false,
        ),
      ).toThrow(expect.objectContaining({ code: 'ERR_UNREGISTERED' }));
    },
  );

  it('by mm_cid on a kernel without it throws ERR_UNREGISTERED', () => {
    expect(() =>
      run(
        function* (t, primitives, at) {
          yield* primitives.addv.run(t, at, 1, 0);
        },
        { index: 'mm_cid' },
      ),
    ).toThrow(expect.objectContaining({ code: 'ERR_UNREGISTERED' }));
  });

  it.each([0, 3, 6, MAX_COPY_BYTES + 4, NaN])('copies no %s bytes: ERR_COPY_LENGTH', (length) => {
    expect(() => cmpeqvTrymemcpyStorev(length)).toThrow(RuntimeError);
    expect(() => cmpeqvTrymemcpyStorev(length)).toThrow(
      expect.objectContaining({ code: 'ERR_COPY_LENGTH' }),
    );
  });

  it('copies as much as can be', () => {
    const { process, words } = run(function* (t, primitives, at) {
      yield* t.store(at, at);
      const copy = primitives.cmpeqvTrymemcpyStorev(12);
      const { outcome } = yield* copy.run(t, at, at, at + 16, at, 1, 0);
      expect(outcome).toBe(PrimitiveOutcome.Committed);
    });
    expect([16, 20, 24].map((at) => process.read32(words + at))).toEqual([words, 0, 0]);
    expect(
      primitiveProgram(cmpeqvTrymemcpyStorev(MAX_COPY_BYTES), 'relaxed', 'cpu_id'),
    ).toBeDefined();
  });
});

describe('the program of a primitive', () => {
  it('is made once, is sound, and commits with the order that was asked for', () => {
    for (const definition of DEFINITIONS)
      for (const index of ['cpu_id', 'mm_cid'] as const)
        for (const order of ['relaxed', 'release'] as const) {
          const program = primitiveProgram(definition, order, index);
          expect(primitiveProgram(definition, order, index)).toBe(program);
          expect(() => {
            verifySections(program);
          }).not.toThrow();
          const [section] = program.sections;
          const commit = program.words[section!.postCommit / 4 - 1]! & 63;
          expect(commit).toBe(order === 'release' ? 46 : 43);
        }
  });
});
