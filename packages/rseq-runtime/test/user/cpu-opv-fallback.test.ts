import { describe, expect, it } from 'vitest';
import {
  Machine,
  SignalNumber,
  SyscallNumber,
  TimedDirector,
  getpid,
  kill,
  setAffinity,
  sigaction,
} from '@rseqlab/sim-machine';
import type { KernelModule, Operation, Thread } from '@rseqlab/sim-machine';
import {
  PrimitiveOutcome,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  addv,
  cpuOpv,
  cpuOpvFallback,
  currentIndex,
  offsetDerefAddv,
  rseq,
} from '../../src/index.js';
import type { PrimitiveAttempt, PrimitiveFallback } from '../../src/index.js';

const BY_CPU = { order: 'relaxed', index: 'cpu_id' } as const;

/** Calls the fallback on one thread, on CPU 0 of two. */
function call(
  body: (t: Thread, fallback: PrimitiveFallback, words: number) => Operation<void>,
  kernel: readonly KernelModule[] = [rseq(), cpuOpv()],
): (at: number) => number {
  const machine = new Machine({ cpus: 2, memoryBytes: 2 ** 22, kernel }, new TimedDirector());
  const process = machine.createProcess('main');
  const words = process.allocate(64);
  const fallback = cpuOpvFallback(machine, process);
  process.spawn((t) => body(t, fallback, words), { cpu: 0 });
  expect(machine.run().outcome).toBe('finished');
  return (n) => process.read32(words + 4 * n);
}

const attempt = (words: number, cpu = 0): PrimitiveAttempt => ({
  definition: addv,
  ...BY_CPU,
  args: [words, 3, cpu],
});

describe('the fallback by cpu_opv', () => {
  it('works on the CPU of the attempt, wherever the thread is, registered or not', () => {
    const word = call(function* (t, fallback, words) {
      const area = [t.threadPointer, RSEQ_ORIGINAL_SIZE, RSEQ_FLAG_UNREGISTER, RSEQ_SIGNATURE];
      yield* t.syscall(SyscallNumber.rseq, ...area);
      const done = yield* fallback(t, attempt(words, 1));
      expect(done).toEqual({ outcome: PrimitiveOutcome.Committed, loaded: 0 });
    });
    expect(word(0)).toBe(3);
  });

  it('of a CPU that the thread may not run on is Aborted, with nothing done', () => {
    const word = call(function* (t, fallback, words) {
      yield* setAffinity(t, [0]);
      const { outcome } = yield* fallback(t, attempt(words, 1));
      expect(outcome).toBe(PrimitiveOutcome.Aborted);
    });
    expect(word(0)).toBe(0);
  });

  it.each<readonly [string, (words: number) => PrimitiveAttempt, readonly KernelModule[]]>([
    ['in a kernel without cpu_opv', attempt, [rseq()]],
    ['at an address without memory', () => attempt(0), [rseq(), cpuOpv()]],
    [
      'through a pointer that leads nowhere',
      (words) => ({ definition: offsetDerefAddv, ...BY_CPU, args: [words, 4, 3, 0] }),
      [rseq(), cpuOpv()],
    ],
  ])('%s throws ERR_FALLBACK', (_, one, kernel) => {
    expect(() =>
      call(function* (t, fallback, words) {
        yield* t.store(words + 4, 12);
        yield* fallback(t, one(words));
      }, kernel),
    ).toThrow(expect.objectContaining({ code: 'ERR_FALLBACK' }));
  });

  describe.each(['v6.18', 'v6.19', 'v7.1'] as const)('by mm_cid under %s', (profile) => {
    const kernel = [rseq({ profile }), cpuOpv()];
    const byCid = (words: number, cid: number): PrimitiveAttempt => ({
      ...attempt(words, cid),
      index: 'mm_cid',
    });

    it('works while the thread has the id', () => {
      const word = call(function* (t, fallback, words) {
        const cid = yield* currentIndex(t, 'mm_cid');
        const done = yield* fallback(t, byCid(words, cid));
        expect(done).toEqual({ outcome: PrimitiveOutcome.Committed, loaded: 0 });
      }, kernel);
      expect(word(0)).toBe(3);
    });

    it('is Aborted, with nothing done, when it has another', () => {
      const word = call(function* (t, fallback, words) {
        const cid = yield* currentIndex(t, 'mm_cid');
        const { outcome } = yield* fallback(t, byCid(words, cid + 1));
        expect(outcome).toBe(PrimitiveOutcome.Aborted);
      }, kernel);
      expect(word(0)).toBe(0);
    });

    it('on a thread that was unregistered, which has id 0 then, throws ERR_UNREGISTERED', () => {
      expect(() =>
        call(function* (t, fallback, words) {
          const length = profile === 'v7.1' ? 33 : RSEQ_ORIGINAL_SIZE;
          const area = [t.threadPointer, length, RSEQ_FLAG_UNREGISTER, RSEQ_SIGNATURE];
          expect(yield* t.syscall(SyscallNumber.rseq, ...area)).toBe(0);
          expect(yield* currentIndex(t, 'mm_cid')).toBe(0);
          yield* fallback(t, byCid(words, 0));
        }, kernel),
      ).toThrow(expect.objectContaining({ code: 'ERR_UNREGISTERED' }));
    });
  });

  it('in a handler of a handler of a handler of a handler throws ERR_FALLBACK', () => {
    const signals = [SignalNumber.SIGURG, SignalNumber.SIGUSR1, SignalNumber.SIGUSR2];
    const depth =
      (levels: number): (() => unknown) =>
      () =>
        call(function* (t, fallback, words) {
          const run = function* (self: Thread, left: number): Operation<void> {
            if (left === 0) {
              yield* fallback(self, attempt(words));
              return;
            }
            const signal = [...signals, SignalNumber.SIGHUP][left - 1]!;
            yield* sigaction(self, signal, (handler) => run(handler, left - 1));
            yield* kill(self, yield* getpid(self), signal);
          };
          yield* run(t, levels);
        });
    expect(depth(3)).not.toThrow();
    expect(depth(4)).toThrow(expect.objectContaining({ code: 'ERR_FALLBACK' }));
  });
});
