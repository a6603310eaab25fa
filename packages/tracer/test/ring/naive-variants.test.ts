// What the sections do beyond the obvious, each left out once: the search finds what goes wrong.
import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { RingReader } from '../../src/ring/ring-reader.js';
import { SubbufOffset } from '../../src/ring/ring-layout.js';
import type { RingVariant } from '../../src/ring/ring-variant.js';
import { recording, ringContent, SMALL, TIMELESS } from './ring-scenario.js';

const search = 'states';

const MODELS = ['sc', 'tso', 'weak'] as const;

/** Every state within one kernel event; of the larger models samples. */
const SEARCH = {
  sc: { search, kernelEvents: 1 },
  tso: { search: 'pct', executions: 1500, kernelEvents: 1 },
  weak: { search: 'pct', executions: 1500, kernelEvents: 1 },
} as const;

/** Two threads record on one CPU, and one of them may be moved away between reserve and commit. */
function migrating(variant: RingVariant, memory: MemoryModelName): Scenario {
  return recording({ variant, machine: { memory }, cpus: [0, 0] });
}

describe('commits that are counted by sections and atomics on one word', () => {
  it.each(MODELS)('are found to lose a commit when a producer is migrated, under %s', (memory) => {
    const result = check(migrating({ ...TIMELESS, splitsCommits: false }, memory), SEARCH[memory]);
    expect(result).toMatchObject({
      outcome: 'fails',
      finding: { message: expect.stringContaining('to be committed') as string },
    });
  });

  it.each(MODELS)('lose none on words of their own, under %s', (memory) => {
    const how = memory === 'sc' ? SEARCH.sc : { ...SEARCH[memory], executions: 300 };
    const result = check(migrating(TIMELESS, memory), how);
    expect(result.finding).toBeUndefined();
  });
});

/** Two threads record on one CPU: times in the ring never fall. */
function timed(variant: RingVariant): Scenario {
  return recording({
    variant,
    machine: { cpus: 1 },
    geometry: { ...SMALL, subbufBytes: 64 },
    check(buffers, lab) {
      const times = ringContent(buffers, 0).records.map(({ time }) => time);
      const sorted = [...times].sort((a, b) => a - b);
      lab.expectEqual(times.join(), sorted.join(), 'times in the ring');
    },
  });
}

describe('a clock that is read before the offset', () => {
  it('is found to go back in the ring, by one preemption', () => {
    const scenario = timed({ ...TIMELESS, clock: 'before section' });
    expect(check(scenario, { search, kernelEvents: 1 })).toMatchObject({
      outcome: 'fails',
      kernelEvents: 1,
      finding: { message: expect.stringContaining('times in the ring') as string },
    });
  });

  it('does not go back when it is read in the section', () => {
    const scenario = timed({ ...TIMELESS, clock: 'in section' });
    const result = check(scenario, { search, kernelEvents: 1 });
    expect(result.finding).toBeUndefined();
  });
});

/** A word of the first ring that nothing uses: what the consumer found, 1 for a whole record. */
const SEEN = 60;

/** One thread fills a sub-buffer; a consumer on another CPU reads it word by word. */
function consuming(variant: RingVariant, memory: MemoryModelName): Scenario {
  return recording({
    variant,
    machine: { memory },
    geometry: { ...SMALL, subbufBytes: 16 },
    cpus: [0, 1],
    threads: [
      function* (t, buffers) {
        yield* buffers.record(t, 0, [100, 0]);
      },
      function* (t, buffers) {
        const committed = buffers.ringOf(0) + buffers.layout.recordOf(0) + SubbufOffset.bySection;
        yield* t.waitUntilNotEqual(committed, 0);
        const reader = new RingReader(buffers, 0);
        const subbuf = yield* reader.next(t);
        if (subbuf === undefined) return;
        const word = yield* t.load(subbuf.data + 8);
        yield* t.store(buffers.address + SEEN, word === 100 ? 1 : 2);
        yield* reader.release(t, subbuf);
      },
    ],
    check(buffers, lab) {
      const seen = buffers.process.read32(buffers.address + SEEN);
      lab.expect(seen < 2, 'the consumer to see a whole record');
    },
  });
}

describe('a commit without release', () => {
  it('is found to show a consumer what is not there yet, under weak', () => {
    const scenario = consuming({ ...TIMELESS, releases: false }, 'weak');
    const result = check(scenario, { search: 'random', executions: 4000, kernelEvents: 0 });
    expect(result).toMatchObject({ outcome: 'fails' });
  });

  it.each(['sc', 'tso', 'weak'] as const)('shows nothing half with it, under %s', (memory) => {
    const result = check(consuming(TIMELESS, memory), {
      search: 'random',
      executions: 500,
      kernelEvents: 0,
    });
    expect(result.finding).toBeUndefined();
  });
});
