import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { FRAME_BYTES } from '../../src/ring/frame.js';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import type { ClosedSubbuf } from '../../src/ring/ring-reader.js';
import { SnapshotReader } from '../../src/ring/snapshot-reader.js';
import { recording } from './ring-scenario.js';

const MEMORY_MODELS = ['sc', 'tso', 'weak'] as const;

/** How the larger models are searched. */
const SAMPLED = { search: 'pct', executions: 3000, kernelEvents: 2 } as const;

const GEOMETRY = { subbufBytes: 32, subbufCount: 4, mode: 'overwrite', isShared: false } as const;

/** First words of the payloads of a sub-buffer, with its number in front. */
function* wordsOf(t: Thread, subbuf: ClosedSubbuf): Operation<string> {
  const words: number[] = [];
  for (let at = 0; at < subbuf.contentBytes; at += 12)
    words.push(yield* t.load(subbuf.data + at + FRAME_BYTES));
  return `${subbuf.start / 32}: ${words.join(' ')}`;
}

describe('snapshots of a ring that overwrites', () => {
  it.each(MEMORY_MODELS)(
    'have the newest sub-buffers whole, and overlap: reading consumes nothing, %s',
    (memory) => {
      const machine = new Machine({ cpus: 1, memory, kernel: [rseq()] }, new TimedDirector());
      const process = machine.createProcess('main');
      const buffers = RingBuffers.create(machine, process, GEOMETRY);
      const reader = new SnapshotReader(machine, buffers, 0);
      const snapshots: string[][] = [];
      process.spawn(function* writerAndReader(t) {
        function* snapshot(): Operation<void> {
          const found: string[] = [];
          yield* reader.snapshot(t, function* read(self, subbuf) {
            found.push(yield* wordsOf(self, subbuf));
          });
          snapshots.push(found);
        }
        yield* snapshot();
        for (let n = 0; n < 3; n++) yield* buffers.record(t, 0, [n]);
        yield* snapshot();
        for (let n = 3; n < 11; n++) yield* buffers.record(t, 0, [n]);
        yield* snapshot();
        yield* buffers.record(t, 0, [11]);
        yield* snapshot();
      });
      expect(machine.run().outcome).toBe('finished');
      expect(snapshots).toEqual([
        [],
        ['0: 0 1', '1: 2'],
        ['2: 3 4', '3: 5 6', '4: 7 8', '5: 9 10'],
        ['3: 5 6', '4: 7 8', '5: 9 10', '6: 11'],
      ]);
    },
  );

  it('never have a sub-buffer that the writer is in, wherever one preemption falls', () => {
    const result = check(wrapping(true, 'sc'), { search: 'states', kernelEvents: 1 });
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 1 kernel events');
  });

  it.each(['tso', 'weak'] as const)('have none in any sample under %s', (memory) => {
    const result = check(wrapping(true, memory), { ...SAMPLED, executions: 300 });
    expect(result.finding).toBeUndefined();
  });

  it.each(MEMORY_MODELS)('would have one, were it read where it is, %s', (memory) => {
    const how = memory === 'sc' ? ({ search: 'states', kernelEvents: 2 } as const) : SAMPLED;
    expect(check(wrapping(false, memory), how)).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected a sub-buffer in which nobody writes' },
    });
  });
});

/** A writer goes around a ring; a reader of its CPU looks whether the two words of a record agree. */
function wrapping(swaps: boolean, memory: MemoryModelName): Scenario {
  return recording({
    machine: { cpus: 1, memory },
    geometry: { ...GEOMETRY, subbufBytes: 16, subbufCount: 2 },
    threads: [
      function* (t, buffers) {
        for (let n = 0; n < 4; n++) yield* buffers.record(t, 0, [n, n]);
      },
      function* (t, buffers) {
        function* look(self: Thread, { data }: { readonly data: number }): Operation<void> {
          const first = yield* self.load(data + FRAME_BYTES);
          const second = yield* self.load(data + FRAME_BYTES + 4);
          yield* self.store(buffers.address + SEEN, first === second ? 1 : 2);
        }
        const data = buffers.ringOf(0) + buffers.layout.dataOf(0);
        if (swaps) yield* new SnapshotReader(buffers.machine, buffers, 0).snapshot(t, look);
        else yield* look(t, { data });
      },
    ],
    check(buffers, lab) {
      const seen = buffers.process.read32(buffers.address + SEEN);
      lab.expect(seen < 2, 'a sub-buffer in which nobody writes');
    },
  });
}

/** A word of the first ring that nothing uses: what the reader found, 2 for a torn record. */
const SEEN = 60;
