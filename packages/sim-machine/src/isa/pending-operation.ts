import type { ExecutionEnvironment } from './execution-environment.js';
import { INSTRUCTION_SET, type InstructionEffect } from './instruction-set.js';
import { OPCODES } from './opcodes.js';
import { REG_IP } from './register-file.js';

/** What a thread is about to do. */
export const OperationKind = {
  /** Something that only registers see. */
  Local: 0,
  Load: 1,
  Store: 2,
  /** A read-modify-write. */
  Atomic: 3,
  Fence: 4,
  Syscall: 5,
  /** Reads the CPU's clock or number. */
  Query: 6,
  Pause: 7,
  /** Traps: `brk`, or a word that is no instruction. */
  Trap: 8,
  /** Waits for a word to change; `value` is what it must differ from. */
  Await: 9,
} as const;

/** One of the {@link OperationKind} values. */
export type OperationKind = (typeof OperationKind)[keyof typeof OperationKind];

/** What a thread is about to do; made once and filled in again and again. */
export interface PendingOperation {
  kind: OperationKind;
  /** The instruction's opcode, or 0 where there is none. */
  opcode: number;
  /** Virtual address of the access, as int32; 0 for what is not an access. */
  address: number;
  /** Size of the access in bytes: 1, 2, 4, 8, or 0 for what is not an access. */
  size: number;
  /**
   * What is stored: the value (of 64 bits the low word), the operand of an atomic, the new word of
   * a compare-and-swap; of a system call, its number; otherwise 0.
   */
  value: number;
}

const kinds = new Uint8Array(64).fill(OperationKind.Trap);
const sizes = new Uint8Array(64);
for (const { opcode, effect, mnemonic } of INSTRUCTION_SET) {
  kinds[opcode] = mnemonic === 'pause' ? OperationKind.Pause : kindOf(effect);
  sizes[opcode] =
    effect.kind === 'load' || effect.kind === 'store'
      ? effect.size
      : effect.kind === 'atomic' || effect.kind === 'await'
        ? 4
        : 0;
}

/**
 * Looks at the instruction at a thread's ip; changes nothing in the machine and allocates nothing.
 *
 * @param base word offset of the thread's registers
 * @param operation filled in and returned
 */
export function pendingOperation(
  environment: Pick<ExecutionEnvironment, 'registers' | 'memory' | 'textBase' | 'textPhysical'>,
  base: number,
  operation: PendingOperation,
): PendingOperation {
  const { registers, textBase, textPhysical } = environment;
  const { words } = environment.memory;
  const word = words[(registers[base + REG_IP]! - textBase + textPhysical) >> 2] ?? 0;
  const opcode = word & 63;
  const kind = kinds[opcode] as OperationKind;
  const size = sizes[opcode]!;
  const isCompare = opcode === OPCODES.cas32 || opcode === OPCODES.await32;
  operation.kind = size === 8 && (word & 64) !== 0 ? OperationKind.Trap : kind;
  operation.opcode = operation.kind === OperationKind.Trap && opcode !== OPCODES.brk ? 0 : opcode;
  operation.size = operation.kind === OperationKind.Trap ? 0 : size;
  operation.address = 0;
  operation.value = 0;
  if (operation.size !== 0) {
    const offset = isCompare ? word >> 18 : word >> 14;
    operation.address = (registers[base + ((word >>> 10) & 15)]! + offset) | 0;
    if (kind !== OperationKind.Load) {
      const value = registers[base + ((isCompare ? word >>> 14 : word >>> 6) & 15)]!;
      operation.value = size === 1 ? value & 0xff : size === 2 ? value & 0xffff : value;
    }
  } else if (kind === OperationKind.Syscall) operation.value = registers[base]!;
  return operation;
}

/** An operation to be filled in. */
export function createPendingOperation(): PendingOperation {
  return { kind: OperationKind.Local, opcode: 0, address: 0, size: 0, value: 0 };
}

function kindOf(effect: InstructionEffect): OperationKind {
  switch (effect.kind) {
    case 'load':
      return OperationKind.Load;
    case 'store':
      return OperationKind.Store;
    case 'atomic':
      return OperationKind.Atomic;
    case 'await':
      return OperationKind.Await;
    case 'fence':
      return OperationKind.Fence;
    case 'query':
      return OperationKind.Query;
    case 'exit':
      return effect.exit === 'syscall'
        ? OperationKind.Syscall
        : effect.exit === 'breakpoint'
          ? OperationKind.Trap
          : OperationKind.Local;
    default:
      return OperationKind.Local;
  }
}
