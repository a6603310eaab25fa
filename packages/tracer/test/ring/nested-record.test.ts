import { describe, expect, it } from 'vitest';
import {
  DecisionKind,
  Machine,
  SignalNumber,
  TimedDirector,
  encodeDecision,
  sigaction,
} from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { MAX_NESTING, NESTING_OFFSET } from '../../src/ring/nesting.js';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import type { RecordOutcome } from '../../src/ring/ring-buffers.js';
import { lossOffset } from '../../src/ring/ring-layout.js';
import { Interrupter } from './interrupter.js';
import { SMALL, ringContent } from './ring-scenario.js';

const { SIGURG } = SignalNumber;

describe.each(['sc', 'tso', 'weak'] as const)('records of one thread, under %s', (memory) => {
  it('are five deep at most: the sixth is lost and counted, and changes nothing', () => {
    const machine = new Machine({ cpus: 1, memory, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const buffers = RingBuffers.create(machine, process, { ...SMALL, subbufBytes: 128 });
    const outcomes: RecordOutcome[] = [];
    const depths: number[] = [];
    process.spawn(function* nested(t) {
      const depth = t.threadPointer + NESTING_OFFSET;
      for (const open of [0, MAX_NESTING - 1, MAX_NESTING]) {
        yield* t.store(depth, open);
        outcomes.push(yield* buffers.record(t, 0, [100]));
        depths.push(yield* t.load(depth));
      }
    });
    machine.run();
    expect(outcomes).toEqual([{ cpu: 0 }, { cpu: 0 }, { loss: 'nested' }]);
    expect(depths).toEqual([0, MAX_NESTING - 1, MAX_NESTING]);
    expect(process.read32(buffers.ringOf(0) + lossOffset('nested'))).toBe(1);
    expect(ringContent(buffers, 0).records).toHaveLength(2);
  });

  it('that a handler writes around to an uncommitted one are lost, counted as wrap', () => {
    const machine = new Machine(
      {
        cpus: 1,
        memory,
        kernel: [rseq()],
        events: { signals: [SIGURG] },
        memoryBytes: 2 ** 21,
        maxThreads: 1,
        maxProcesses: 1,
      },
      new Interrupter(0, []),
    );
    const problems: string[] = [];
    let wraps = 0;
    let signals = 0;
    for (let instructions = 0; instructions < 100; instructions++) {
      const signal = encodeDecision(DecisionKind.Signal, SIGURG, 0);
      machine.reset(new Interrupter(instructions, [signal]));
      const process = machine.createProcess('main');
      const buffers = RingBuffers.create(machine, process, {
        ...SMALL,
        subbufBytes: 16,
        mode: 'overwrite',
      });
      let outer: RecordOutcome | undefined;
      const inner: RecordOutcome[] = [];
      process.spawn(function* interrupted(t) {
        yield* sigaction(t, SIGURG, function* handler(h) {
          for (let n = 1; n <= 4; n++) inner.push(yield* buffers.record(h, n, [100 + n, 0]));
        });
        outer = yield* buffers.record(t, 0, [100, 0]);
      });
      machine.run({ decisions: 3000 });
      const wrap = process.read32(buffers.ringOf(0) + lossOffset('wrap'));
      const lost = [...inner, outer!].filter((outcome) => 'loss' in outcome).length;
      if (inner.length > 0) signals += 1;
      if (wrap > 0) wraps += 1;
      const { isCommitted, records } = ringContent(buffers, 0, 2);
      const isWhole = records.every(
        ({ isCommitted: isMarked, event, words }) => isMarked && words[0] === 100 + event,
      );
      if (lost !== wrap || !isCommitted || !isWhole)
        problems.push(`after ${instructions}: ${lost} lost, ${wrap} counted, whole ${isWhole}`);
    }
    expect(problems).toEqual([]);
    expect(signals).toBeGreaterThan(30);
    expect(wraps).toBeGreaterThan(3);
    expect(wraps).toBeLessThan(signals);
  });
});
