// Case 25: a producer that waits for room is woken, in every interleaving.
import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { RingOffset } from '../../src/ring/ring-layout.js';
import { RingReader } from '../../src/ring/ring-reader.js';
import { TIMELESS, recording, ringContent } from '../ring/ring-scenario.js';

const EVENTS = 2;

/** A ring with room for one record: each has to wait for the reader. */
function waiting(wakes: boolean, memory: MemoryModelName = 'sc'): Scenario {
  return recording({
    machine: { memory },
    variant: { ...TIMELESS, attempts: 3 },
    geometry: {
      subbufBytes: 16,
      subbufCount: 1,
      mode: 'discard',
      isShared: false,
      blockingTimeoutNs: Infinity,
    },
    events: { migration: false },
    cpus: [0, 1],
    threads: [
      function* (t, buffers) {
        for (let n = 0; n < EVENTS; n++) yield* buffers.record(t, n, [100 + n, 0]);
      },
      function* (t, buffers) {
        const reader = new RingReader(buffers, 0);
        const ring = buffers.ringOf(0);
        for (let n = 0; n < EVENTS; n++) {
          const committed = ring + buffers.layout.recordOf(0);
          yield* t.waitUntilEqual(committed, 16 * (n + 1));
          const subbuf = (yield* reader.next(t))!;
          if (wakes) yield* reader.release(t, subbuf);
          else yield* t.storeRelease(ring + RingOffset.consumed, subbuf.start + 16);
        }
      },
    ],
    check(buffers, lab) {
      lab.expectEqual(ringContent(buffers, 0).lost, 0, 'lost events');
    },
  });
}

describe('a producer that waits for room', () => {
  it('is always woken, and loses nothing', () => {
    const result = check(waiting(true), { search: 'states' });
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each(['tso', 'weak'] as const)('is woken in all samples, under %s', (memory) => {
    const sampled = { search: 'random', executions: 400, kernelEvents: 1 } as const;
    expect(check(waiting(true, memory), sampled).finding).toBeUndefined();
  });

  it.each(['sc', 'tso', 'weak'] as const)(
    'would sleep for ever if the reader moved on and woke nobody, %s',
    (memory) => {
      const search = memory === 'sc' ? 'states' : 'random';
      expect(check(waiting(false, memory), { search, kernelEvents: 1 })).toMatchObject({
        outcome: 'fails',
        finding: { kind: expect.stringMatching(/deadlock|lost-wakeup/) as string },
      });
    },
  );
});
