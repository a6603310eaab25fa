import { describe, expect, it } from 'vitest';
import { entryFrame } from '../../../src/memory/page-entry.js';
import { WatchedProcess } from './shadow-fixture.js';

/** Who wrote last to a word of the process's data. */
function writer(process: WatchedProcess, offset: number, space = process.process): unknown {
  const address = process.at + offset;
  const frame = entryFrame(space.pages.entry(address));
  return process.shadow.writers!.lastWriter(frame * 4096 + (address & 4095))?.thread;
}

describe('the last writer of a word', () => {
  it('is who stored or updated it last; loads and failed updates do not count', () => {
    const process = new WatchedProcess();
    process.load(0, 0);
    expect(writer(process, 0)).toBeUndefined();
    process.store(1, 0);
    process.load(0, 0);
    expect(writer(process, 0)).toBe(1);
    process.update(2, 0);
    expect(writer(process, 0)).toBe(2);
    process.compareExchange(3, 0, 77);
    expect(writer(process, 0)).toBe(2);
    process.kernelPut(4, 0);
    expect(writer(process, 0)).toBe(4);
    expect(writer(process, 4)).toBeUndefined();
  });

  it('is known with its place', () => {
    const process = new WatchedProcess();
    process.load(0, 0);
    process.goto(0x400044).store(5, 0, 1, 8);
    const physical =
      entryFrame(process.process.pages.entry(process.at)) * 4096 + (process.at & 4095);
    const place = { thread: 5, cpu: 5, ip: 0x400044, step: 2 };
    expect(process.shadow.writers!.lastWriter(physical + 7)).toEqual(place);
  });

  it('changes when a buffered store becomes visible', () => {
    const process = new WatchedProcess({ model: 'tso' });
    process.store(0, 0);
    process.store(1, 0);
    process.store(0, 4);
    expect(writer(process, 0)).toBeUndefined();
    process.memory.model.drainOne(1, 0);
    expect(writer(process, 0)).toBe(1);
    process.memory.model.drainOne(0, 0);
    expect([writer(process, 0), writer(process, 4)]).toEqual([0, undefined]);
    process.memory.model.drainAll(0);
    expect(writer(process, 4)).toBe(0);
  });

  it('goes with a page that is copied or swapped, and is gone with it', () => {
    const process = new WatchedProcess();
    const { memory, at } = process;
    process.store(1, 0);
    const child = memory.spaces.fork(process.process);
    process.store(2, 4);
    expect([writer(process, 0), writer(process, 4)]).toEqual([1, 2]);
    expect([writer(process, 0, child), writer(process, 4, child)]).toEqual([1, undefined]);
    memory.spaces.swapOut(process.process, at);
    process.process.swapIn(at);
    expect(writer(process, 4)).toBe(2);
    process.process.madvise(at, 4096, 4);
    process.load(0, 0);
    expect(writer(process, 0)).toBeUndefined();
  });

  it('is nobody after a reset', () => {
    const process = new WatchedProcess();
    process.store(1, 0);
    process.shadow.reset();
    expect(writer(process, 0)).toBeUndefined();
  });
});

describe('shadow state', () => {
  it('is reset with memory', () => {
    const process = new WatchedProcess();
    process.store(0, 0);
    process.store(1, 0);
    process.memory.reset();
    expect(process.shadow.findings()).toEqual([]);
  });

  it('changes no fault', () => {
    const process = new WatchedProcess();
    process.load(0, 0);
    process.store(0, 0);
    expect(process.memory.physical.frames.used).toBe(1);
  });
});
