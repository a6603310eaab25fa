import { describe, expect, it } from 'vitest';
import { NO_FOOTPRINT, type Footprint } from '../../src/lkmm-search/footprint.js';
import {
  independentThreads,
  type ThreadProspect,
} from '../../src/lkmm-search/independent-threads.js';

const reads = (mask: number): Footprint => ({ ...NO_FOOTPRINT, reads: mask });
const writes = (mask: number): Footprint => ({ ...NO_FOOTPRINT, writes: mask });

function prospect(now: Footprint, part: Partial<ThreadProspect> = {}): ThreadProspect {
  return { now, isOvertaken: false, future: now, hasBuffered: false, choices: 1, ...part };
}

describe('independentThreads', () => {
  it('chooses one thread that nobody can matter to', () => {
    expect(independentThreads([prospect(writes(1)), prospect(writes(2))])).toBe(0b01);
    expect(independentThreads([prospect(reads(1)), prospect(reads(1))])).toBe(0b01);
  });

  it('chooses also those who may ever write what the thread reads, and read what it writes', () => {
    const later = prospect(writes(2), { future: writes(3) });
    expect(independentThreads([prospect(reads(1)), later])).toBe(0b10);
    const writer = prospect(writes(1), { future: writes(1) });
    expect(independentThreads([prospect(reads(1)), writer])).toBe(0b11);
    const reader = prospect(reads(4), { future: reads(5) });
    expect(independentThreads([writer, reader])).toBe(0b10);
  });

  it('follows from one thread to the next', () => {
    const chain = [
      prospect(writes(1), { future: writes(1) }),
      prospect(reads(2), { future: reads(3) }),
      prospect(writes(2), { future: writes(2 | 4) }),
      prospect(reads(4), { future: reads(4) }),
    ];
    // The first needs the second, which needs the third; the last needs the third, which needs the second.
    expect(independentThreads(chain)).toBe(0b0110);
  });

  it('does not let a thread that waits stand alone', () => {
    const waiting = prospect(reads(1), { choices: 0 });
    expect(independentThreads([waiting, prospect(writes(1))])).toBe(0b11);
    expect(independentThreads([waiting, waiting])).toBe(0);
  });

  it('keeps a store that may be overtaken together with whoever drains all buffers', () => {
    const drains = prospect({ ...NO_FOOTPRINT, interrupts: true }, { choices: 5 });
    expect(independentThreads([prospect(writes(1)), drains])).toBe(0b01);
    const store = prospect(writes(1), { isOvertaken: true });
    expect(independentThreads([store, { ...drains, choices: 0 }])).toBe(0b11);
    const buffered = prospect(writes(1), { hasBuffered: true, choices: 9 });
    expect(independentThreads([buffered, { ...drains, choices: 1 }])).toBe(0b01);
  });
});
