import type { ExecutionEnvironment } from './execution-environment.js';
import type { OpcodeOf } from './opcodes.js';
import { TagMask } from './tag-mask.js';

/** Executes one read-modify-write instruction; false when the access faulted. */
export type AtomicUnit = (word: number, base: number, tlb: number) => boolean;

/** Makes the interpreter's part for the atomics. */
export function createAtomicUnit(environment: ExecutionEnvironment): AtomicUnit {
  const { registers, translations, port } = environment;
  const { words } = environment.memory;

  function combine(opcode: number, old: number, value: number, desired: number): number {
    switch (opcode) {
      case 47 satisfies OpcodeOf<'cas32'>:
        return old === value ? desired : old;
      case 48 satisfies OpcodeOf<'xchg32'>:
        return value;
      case 49 satisfies OpcodeOf<'xadd32'>:
        return (old + value) | 0;
      case 50 satisfies OpcodeOf<'xand32'>:
        return old & value;
      case 52 satisfies OpcodeOf<'xorr32'>:
        return old | value;
      default:
        return old ^ value;
    }
  }

  function performSlowly(opcode: number, address: number, value: number, desired: number): number {
    switch (opcode) {
      case 47 satisfies OpcodeOf<'cas32'>:
        return port.compareExchange(address, value, desired);
      case 48 satisfies OpcodeOf<'xchg32'>:
        return port.exchange(address, value);
      case 49 satisfies OpcodeOf<'xadd32'>:
        return port.fetchAdd(address, value);
      case 50 satisfies OpcodeOf<'xand32'>:
        return port.fetchAnd(address, value);
      case 52 satisfies OpcodeOf<'xorr32'>:
        return port.fetchOr(address, value);
      default:
        return port.fetchXor(address, value);
    }
  }

  return function readModifyWrite(word, base, tlb) {
    const opcode = word & 63;
    const isCompare = opcode === (47 satisfies OpcodeOf<'cas32'>);
    const a = base + ((word >>> 6) & 15);
    const offset = isCompare ? word >> 18 : word >> 14;
    const address = (registers[base + ((word >>> 10) & 15)]! + offset) | 0;
    const value = registers[a]!;
    const desired = isCompare ? registers[base + ((word >>> 14) & 15)]! : 0;
    const entry = tlb + (((address >>> 12) & 63) << 2);

    if ((address & TagMask.Word) === translations[entry + 1]!) {
      const index = ((address + translations[entry + 2]!) | 0) >> 2;
      const old = words[index]!;
      words[index] = combine(opcode, old, value, desired);
      registers[a] = old;
      return true;
    }
    const old = performSlowly(opcode, address, value, desired);
    if (port.fault !== 0) return false;
    registers[a] = old;
    return true;
  };
}
