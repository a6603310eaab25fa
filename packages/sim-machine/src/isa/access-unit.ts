import { FenceKind, MemoryOrder } from '../memory/memory-port.js';
import { createAtomicUnit } from './atomic-unit.js';
import type { ExecutionEnvironment } from './execution-environment.js';
import { ExitReason } from './exit-reason.js';
import type { OpcodeOf } from './opcodes.js';
import { TagMask } from './tag-mask.js';

/**
 * Executes one instruction that touches more than registers; plain word accesses are not among
 * them, the interpreter has those inline.
 *
 * @returns Budget when the thread goes on, otherwise why the burst ends
 */
export type AccessUnit = (word: number, base: number, tlb: number) => ExitReason;

/** Makes the interpreter's part for the rarer accesses, atomics, fences and traps. */
export function createAccessUnit(environment: ExecutionEnvironment): AccessUnit {
  const { registers, translations, port } = environment;
  const { words, halves, bytes } = environment.memory;
  const readModifyWrite = createAtomicUnit(environment);

  /** Loads on a miss; the value stands only when `port.fault` is 0. */
  function loadSlowly(a: number, address: number, size: number, extendShift: number): ExitReason {
    const value = port.load(address, size, MemoryOrder.Plain);
    if (port.fault !== 0) return ExitReason.Fault;
    registers[a] = (value << extendShift) >> extendShift;
    return ExitReason.Budget;
  }

  function storeSlowly(address: number, size: number, low: number, high: number): ExitReason {
    port.store(address, size, low, high, MemoryOrder.Plain);
    return port.fault === 0 ? ExitReason.Budget : ExitReason.Fault;
  }

  return function access(word, base, tlb) {
    const a = base + ((word >>> 6) & 15);
    const address = (registers[base + ((word >>> 10) & 15)]! + (word >> 14)) | 0;
    const entry = tlb + (((address >>> 12) & 63) << 2);

    switch (word & 63) {
      case 35 satisfies OpcodeOf<'ld8u'>:
        if ((address & TagMask.Byte) !== translations[entry]!) return loadSlowly(a, address, 1, 0);
        registers[a] = bytes[(address + translations[entry + 2]!) | 0]!;
        return ExitReason.Budget;
      case 37 satisfies OpcodeOf<'ld8s'>:
        if ((address & TagMask.Byte) !== translations[entry]!) return loadSlowly(a, address, 1, 24);
        registers[a] = (bytes[(address + translations[entry + 2]!) | 0]! << 24) >> 24;
        return ExitReason.Budget;
      case 36 satisfies OpcodeOf<'ld16u'>:
        if ((address & TagMask.Half) !== translations[entry]!) return loadSlowly(a, address, 2, 0);
        registers[a] = halves[((address + translations[entry + 2]!) | 0) >> 1]!;
        return ExitReason.Budget;
      case 38 satisfies OpcodeOf<'ld16s'>:
        if ((address & TagMask.Half) !== translations[entry]!) return loadSlowly(a, address, 2, 16);
        registers[a] = (halves[((address + translations[entry + 2]!) | 0) >> 1]! << 16) >> 16;
        return ExitReason.Budget;
      case 40 satisfies OpcodeOf<'ld64'>: {
        if ((word & 64) !== 0) return ExitReason.Illegal;
        if ((address & TagMask.Pair) === translations[entry]!) {
          const index = ((address + translations[entry + 2]!) | 0) >> 2;
          registers[a] = words[index]!;
          registers[a + 1] = words[index + 1]!;
          return ExitReason.Budget;
        }
        const low = port.load(address, 8, MemoryOrder.Plain);
        if (port.fault !== 0) return ExitReason.Fault;
        registers[a] = low;
        registers[a + 1] = port.high;
        return ExitReason.Budget;
      }
      case 45 satisfies OpcodeOf<'lda32'>: {
        if ((address & TagMask.Word) === translations[entry]!) {
          registers[a] = words[((address + translations[entry + 2]!) | 0) >> 2]!;
          return ExitReason.Budget;
        }
        const value = port.load(address, 4, MemoryOrder.Acquire);
        if (port.fault !== 0) return ExitReason.Fault;
        registers[a] = value;
        return ExitReason.Budget;
      }

      case 41 satisfies OpcodeOf<'st8'>: {
        const value = registers[a]! & 0xff;
        if ((address & TagMask.Byte) !== translations[entry + 1]!)
          return storeSlowly(address, 1, value, 0);
        bytes[(address + translations[entry + 2]!) | 0] = value;
        return ExitReason.Budget;
      }
      case 42 satisfies OpcodeOf<'st16'>: {
        const value = registers[a]! & 0xffff;
        if ((address & TagMask.Half) !== translations[entry + 1]!)
          return storeSlowly(address, 2, value, 0);
        halves[((address + translations[entry + 2]!) | 0) >> 1] = value;
        return ExitReason.Budget;
      }
      case 44 satisfies OpcodeOf<'st64'>: {
        if ((word & 64) !== 0) return ExitReason.Illegal;
        if ((address & TagMask.Pair) !== translations[entry + 1]!)
          return storeSlowly(address, 8, registers[a]!, registers[a + 1]!);
        const index = ((address + translations[entry + 2]!) | 0) >> 2;
        words[index] = registers[a]!;
        words[index + 1] = registers[a + 1]!;
        return ExitReason.Budget;
      }
      case 46 satisfies OpcodeOf<'stl32'>:
        if ((address & TagMask.Word) === translations[entry + 1]!) {
          words[((address + translations[entry + 2]!) | 0) >> 2] = registers[a]!;
          return ExitReason.Budget;
        }
        port.store(address, 4, registers[a]!, 0, MemoryOrder.Release);
        return port.fault === 0 ? ExitReason.Budget : ExitReason.Fault;

      case 62 satisfies OpcodeOf<'await32'>: {
        const place = (registers[base + ((word >>> 10) & 15)]! + (word >> 18)) | 0;
        const value = port.load(place, 4, MemoryOrder.Acquire);
        if (port.fault !== 0) return ExitReason.Fault;
        if (value === registers[base + ((word >>> 14) & 15)]!) return ExitReason.Waiting;
        registers[a] = value;
        return ExitReason.Budget;
      }

      case 47 satisfies OpcodeOf<'cas32'>:
      case 48 satisfies OpcodeOf<'xchg32'>:
      case 49 satisfies OpcodeOf<'xadd32'>:
      case 50 satisfies OpcodeOf<'xand32'>:
      case 52 satisfies OpcodeOf<'xorr32'>:
      case 53 satisfies OpcodeOf<'xxor32'>:
        return readModifyWrite(word, base, tlb) ? ExitReason.Budget : ExitReason.Fault;

      case 54 satisfies OpcodeOf<'fence'>:
        port.fence(FenceKind.Full);
        return ExitReason.Budget;
      case 55 satisfies OpcodeOf<'fencer'>:
        port.fence(FenceKind.Read);
        return ExitReason.Budget;
      case 56 satisfies OpcodeOf<'fencew'>:
        port.fence(FenceKind.Write);
        return ExitReason.Budget;

      case 58 satisfies OpcodeOf<'brk'>:
        return ExitReason.Breakpoint;
      case 59 satisfies OpcodeOf<'syscall'>:
        return ExitReason.Syscall;
      case 60 satisfies OpcodeOf<'rdclk'>:
        registers[a] = port.clock();
        return ExitReason.Budget;
      case 61 satisfies OpcodeOf<'rdpid'>:
        registers[a] = port.cpu();
        return ExitReason.Budget;
      default:
        return ExitReason.Illegal;
    }
  };
}
