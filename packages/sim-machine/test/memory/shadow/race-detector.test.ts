import { describe, expect, it } from 'vitest';
import { ShadowState } from '../../../src/memory/shadow/shadow-state.js';
import { cleanPrograms, FLAG, racyPrograms, X } from './race-programs.js';
import { WatchedProcess } from './shadow-fixture.js';

describe.each(['sc', 'tso'] as const)('the race detector under %s', (model) => {
  it.each(cleanPrograms)('accepts %s', (_what, program) => {
    const process = new WatchedProcess({ model });
    program(process);
    expect(process.shadow.findings()).toEqual([]);
  });

  it.each(racyPrograms)('finds %s', (_what, program) => {
    const process = new WatchedProcess({ model });
    program(process);
    expect(process.kinds).toEqual(['data-race']);
  });
});

describe('a race', () => {
  it('on a flag does not hide the race behind it', () => {
    const process = new WatchedProcess();
    process.store(0, X);
    process.release(0, FLAG);
    process.store(0, FLAG);
    process.acquire(1, FLAG);
    process.load(1, X);
    expect(process.kinds).toEqual(['data-race', 'data-race']);
  });

  it('is reported with both places', () => {
    const process = new WatchedProcess();
    process.goto(0x400010).store(3, 8);
    process.goto(0x400020).load(5, 10, 2);
    const access = { kernel: false } as const;
    expect(process.shadow.findings()).toEqual([
      {
        finding: 'data-race',
        first: {
          ...access,
          thread: 3,
          cpu: 3,
          ip: 0x400010,
          step: 1,
          kind: 'store',
          address: process.at + 8,
          size: 4,
        },
        second: {
          ...access,
          thread: 5,
          cpu: 5,
          ip: 0x400020,
          step: 2,
          kind: 'load',
          address: process.at + 10,
          size: 2,
        },
      },
    ]);
  });

  it('is reported once for each pair of instructions and word', () => {
    const process = new WatchedProcess();
    for (let round = 0; round < 5; round++)
      for (const thread of [0, 1]) process.goto(0x400000 + 4 * thread).store(thread, X);
    expect(process.kinds).toHaveLength(2);
    for (const thread of [0, 1]) process.goto(0x400000 + 4 * thread).store(thread, X + 4);
    expect(process.kinds).toHaveLength(3);
  });

  it('is not reported beyond the limit', () => {
    const process = new WatchedProcess();
    const shadow = new ShadowState(process, false, { limit: 2 });
    process.memory.attach({ shadow });
    for (const offset of [0, 4, 8, 12]) for (const thread of [0, 1]) process.store(thread, offset);
    expect(shadow.findings()).toHaveLength(2);
  });

  it('is forgotten, with all that was known, at a reset; marks stay', () => {
    const run = (process: WatchedProcess): unknown[] => {
      process.load(0, X);
      process.release(0, FLAG);
      process.acquire(1, FLAG);
      process.store(1, X);
      process.store(2, X);
      process.store(40, 128);
      process.store(41, 128);
      return process.shadow.findings().map((finding) => ({ ...finding, first: 0, second: 0 }));
    };
    const process = new WatchedProcess({ cpus: 64 });
    process.shadow.races!.marks.markData(process.at + 128, 4);
    const first = run(process);
    expect(first).toHaveLength(1);
    for (let round = 0; round < 3; round++) {
      process.shadow.reset();
      expect(process.shadow.findings()).toEqual([]);
      expect(run(process)).toEqual(first);
    }
  });

  it('is found whatever the number of threads', () => {
    const process = new WatchedProcess({ cpus: 300 });
    for (let thread = 0; thread < 300; thread++) {
      process.acquire(thread, FLAG);
      process.store(thread, X);
      process.release(thread, FLAG);
    }
    expect(process.kinds).toEqual([]);
    process.store(7, X);
    expect(process.kinds).toEqual(['data-race']);
  });
});
