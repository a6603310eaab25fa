import { describe, expect, it } from 'vitest';
import {
  RSEQ_FLAG_SLICE_EXT_DEFAULT_ON,
  RSEQ_SIGNATURE,
  RseqOffset,
  rseq,
} from '@rseqlab/rseq-runtime';
import { DecisionKind, SyscallNumber, decisionKind } from '@rseqlab/sim-machine';
import type { Decision, Operation, Thread } from '@rseqlab/sim-machine';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { CheckResult } from '../../src/search/check.js';
import { recordRun } from '../../src/trace/record-run.js';

const GRANTED = 0x100;
const REQUEST = 1;
const AREA_BYTES = 33;

/** Registers with the extension enabled, and asks for it. */
function* ask(t: Thread): Operation<void> {
  const flags = RSEQ_FLAG_SLICE_EXT_DEFAULT_ON;
  yield* t.syscall(SyscallNumber.rseq, t.threadPointer, AREA_BYTES, flags, RSEQ_SIGNATURE);
  yield* t.store(t.threadPointer + RseqOffset.sliceCtrl, REQUEST);
}

/** Two threads on one CPU add to a word by load and store, with nothing but extensions asked for. */
function adding(asks: boolean): Scenario {
  return scenario({
    name: 'adds in extended slices',
    machine: {
      cpus: 1,
      maxThreads: 2,
      maxProcesses: 1,
      kernel: [rseq({ profile: 'v7.1', autoRegister: false })],
    },
    setup(lab) {
      const word = lab.process.allocate(4);
      for (let i = 0; i < 2; i++)
        lab.spawn(function* add(t) {
          if (asks) yield* ask(t);
          yield* t.store(word, (yield* t.load(word)) + 1);
          if (!asks) return;
          const control = t.threadPointer + RseqOffset.sliceCtrl;
          const found = yield* t.load(control);
          yield* t.store(control, 0);
          if ((found & GRANTED) !== 0) yield* t.syscall(SyscallNumber.rseq_slice_yield);
        });
      return word;
    },
    check(word, lab) {
      lab.expectEqual(lab.process.read32(word), 2, 'the word');
    },
  });
}

describe('a search', () => {
  const timers = ({ decisions = new Uint32Array() }: CheckResult): number =>
    [...decisions].filter((one) => decisionKind(one as Decision) === DecisionKind.Timer).length;

  it('finds that an add is lost by one preemption without an extension', () => {
    const result = check(adding(false));
    expect(result).toMatchObject({ outcome: 'fails', kernelEvents: 1 });
    expect(timers(result)).toBe(0);
  });

  it('finds with one that it takes the preemption and the end of the extension', () => {
    const result = check(adding(true));
    expect(result).toMatchObject({ outcome: 'fails', kernelEvents: 1 });
    expect(timers(result)).toBe(1);
    const run = {
      decisions: result.decisions!,
      scheduling: 'free',
      granularity: 'access',
    } as const;
    const texts = recordRun(adding(true), run).rows.map(({ text }) => text);
    expect(
      texts.filter((text) => text.includes('keeps the CPU for now: its slice is extended')),
    ).toHaveLength(1);
  });
});
