import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhysicalMemory } from '../../src/memory/physical-memory.js';
import { PAGE } from './fixture.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('PhysicalMemory', () => {
  it.each([0, PAGE, 3 * PAGE + 1, 2 ** 31, Number.NaN, -PAGE])(
    'refuses a size of %d bytes with ERR_CONFIG',
    (sizeBytes) => {
      expect(() => new PhysicalMemory({ sizeBytes })).toThrow(
        expect.objectContaining({ code: 'ERR_CONFIG' }),
      );
    },
  );

  it.each([false, true])(
    'reads what was written, at every size and alignment, little-endian (fingerprint %s)',
    (trackFingerprint) => {
      const memory = new PhysicalMemory({ sizeBytes: 4 * PAGE, trackFingerprint });
      const frame = memory.allocateZeroed();
      const model = new DataView(new ArrayBuffer(PAGE));
      const access = fc.record({
        offset: fc.integer({ min: 0, max: 64 }),
        size: fc.constantFrom(1, 2, 3, 4, 5, 7, 8),
        low: word,
        high: word,
      });
      fc.assert(
        fc.property(fc.array(access), (accesses) => {
          for (const { offset, size, low, high } of accesses) {
            memory.write(frame * PAGE + offset, size, low, high);
            const value = new DataView(new ArrayBuffer(8));
            value.setInt32(0, low, true);
            value.setInt32(4, high, true);
            for (let i = 0; i < size; i++) model.setUint8(offset + i, value.getUint8(i));
            const at = frame * PAGE + offset;
            expect(memory.read(at, 1)).toBe(model.getUint8(offset));
            expect(memory.read(at, 2)).toBe(model.getUint16(offset, true));
            expect(memory.read(at, 4)).toBe(model.getInt32(offset, true));
            expect(memory.read(at, 8)).toBe(model.getInt32(offset, true));
            expect(memory.high).toBe(model.getInt32(offset + 4, true));
          }
        }),
      );
    },
  );

  it('hands out zeros whatever a frame held before', () => {
    const memory = new PhysicalMemory({ sizeBytes: 4 * PAGE });
    const frame = memory.allocateZeroed();
    memory.write(frame * PAGE + 8, 4, 7, 0);
    memory.release(frame);
    expect(memory.allocateZeroed()).toBe(frame);
    expect(memory.read(frame * PAGE + 8, 4)).toBe(0);
    memory.write(frame * PAGE + 8, 4, 7, 0);
    memory.reset();
    expect(memory.allocateZeroed()).toBe(frame);
    expect(memory.read(frame * PAGE + 8, 4)).toBe(0);
  });

  it('returns -1 when every frame is used, and has frames again after a release', () => {
    const memory = new PhysicalMemory({ sizeBytes: 3 * PAGE });
    const first = memory.allocateZeroed();
    memory.allocateZeroed();
    expect(memory.allocateZeroed()).toBe(-1);
    expect(memory.allocateFrom(memory.words, 0)).toBe(-1);
    memory.frames.retain(first);
    memory.release(first);
    expect(memory.allocateZeroed()).toBe(-1);
    memory.release(first);
    expect(memory.allocateZeroed()).toBe(first);
    expect(memory.frames.used).toBe(2);
  });

  it('hands out the same frames in the same order after a reset', () => {
    const memory = new PhysicalMemory({ sizeBytes: 16 * PAGE });
    const run = (): number[] => {
      const frames = [memory.allocateZeroed(), memory.allocateZeroed(), memory.allocateZeroed()];
      memory.release(frames[1]!);
      memory.release(frames[0]!);
      return [...frames, memory.allocateZeroed(), memory.allocateZeroed(), memory.allocateZeroed()];
    };
    const first = run();
    memory.reset();
    expect(run()).toEqual(first);
  });

  it('tells its observer when the last reference to a frame is gone', () => {
    const memory = new PhysicalMemory({ sizeBytes: 4 * PAGE });
    const freed: number[] = [];
    memory.observer = { frameCopied: () => undefined, frameFreed: (frame) => freed.push(frame) };
    const frame = memory.allocateZeroed();
    memory.frames.retain(frame);
    memory.release(frame);
    expect(freed).toEqual([]);
    memory.release(frame);
    expect(freed).toEqual([frame]);
  });
});
