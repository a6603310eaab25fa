import type { LitmusInstruction } from '../../src/litmus/litmus-instruction.js';
import type { LitmusOperand, MemoryOperand } from '../../src/litmus/litmus-operand.js';
import type { LitmusTest } from '../../src/litmus/litmus-test.js';
import type { OperandWidth, X86Register } from '../../src/litmus/x86-register.js';
import { bitsOf, compute, isTaken, merge, narrow } from './oracle-arithmetic.js';
import { load, store, withThread, type OracleModel } from './oracle-memory.js';
import {
  addressOf,
  wordOf,
  type Flags,
  type OracleState,
  type ThreadState,
} from './oracle-state.js';

/** What an instruction makes of the value that it loaded. */
interface Effect {
  /** What goes to the destination; undefined for none. */
  readonly write?: number;
  readonly registers?: Partial<Record<X86Register, number>>;
  readonly flags?: Flags;
}

/** One step of one thread under a memory model; undefined while the thread has to wait. */
export class OracleStepper {
  readonly #test: LitmusTest;
  readonly #model: OracleModel;

  constructor(test: LitmusTest, model: OracleModel) {
    this.#test = test;
    this.#model = model;
  }

  step(state: OracleState, thread: number): OracleState | undefined {
    const old = state.threads[thread]!;
    const { instructions, labels } = this.#test.threads[thread]!;
    const { instruction } = instructions[old.next]!;
    const next = old.next + 1;
    switch (instruction.kind) {
      case 'idle':
        return withThread(state, thread, { next });
      case 'fence':
        if (instruction.fence === 'mfence' && old.buffer.length > 0) return undefined;
        return withThread(state, thread, { next });
      case 'jump': {
        const { condition, target } = instruction;
        const taken = condition === 'always' || isTaken(condition, old.flags);
        return withThread(state, thread, { next: taken ? labels.get(target)! : next });
      }
      case 'load-address': {
        const { register } = instruction.destination;
        const address = this.#address(old, instruction.source);
        const registers = { ...old.registers, [register]: address };
        return withThread(state, thread, { next, registers });
      }
      default:
        return this.#access(state, thread, instruction);
    }
  }

  /** Instructions with a source and a destination, at most one of them memory. */
  #access(
    state: OracleState,
    thread: number,
    instruction: Exclude<LitmusInstruction, { kind: 'idle' | 'fence' | 'jump' | 'load-address' }>,
  ): OracleState | undefined {
    const old = state.threads[thread]!;
    const { source, destination, widthBytes } = instruction;
    const memory = [source, destination].find((operand) => operand.kind === 'memory');
    const atomic =
      memory !== undefined &&
      (instruction.kind === 'exchange' || ('locked' in instruction && instruction.locked));
    if (atomic && old.buffer.length > 0) return undefined;
    let loaded = old.loaded;
    const storesOnly = instruction.kind === 'move' && destination.kind === 'memory';
    if (memory && loaded === undefined && !storesOnly) {
      loaded = load(state, thread, this.#address(old, memory), Math.min(widthBytes, 4));
      if (loaded === undefined) return undefined;
      const storesToo = destination.kind === 'memory' && instruction.kind !== 'compare';
      if (storesToo && !atomic) return withThread(state, thread, { loaded });
    }
    const valueOf = (operand: LitmusOperand): number =>
      operand.kind === 'memory' ? (loaded ?? 0) : this.#valueOf(old, operand);
    const effect = effectOf(instruction, valueOf(source), valueOf(destination), old);
    let after = withThread(state, thread, {
      next: old.next + 1,
      loaded: undefined,
      flags: effect.flags ?? old.flags,
      registers: written(old, instruction, effect),
    });
    if (destination.kind === 'memory' && effect.write !== undefined) {
      const address = this.#address(old, destination);
      const entry = { address, sizeBytes: Math.min(widthBytes, 4), value: effect.write };
      after = store(after, thread, entry, atomic ? 'sc' : this.#model);
    }
    return after;
  }

  #valueOf({ registers }: ThreadState, operand: Exclude<LitmusOperand, MemoryOperand>): number {
    return operand.kind === 'register'
      ? registers[operand.register]
      : wordOf(this.#test, operand.value);
  }

  #address({ registers }: ThreadState, operand: MemoryOperand): number {
    const { location, displacementBytes, base, index, scale } = operand;
    return (
      (location === undefined ? 0 : addressOf(this.#test, location)) +
      displacementBytes +
      (base ? registers[base] : 0) +
      (index ? registers[index] * scale : 0)
    );
  }
}

type Access = Exclude<LitmusInstruction, { kind: 'idle' | 'fence' | 'jump' | 'load-address' }>;

function effectOf(
  instruction: Access,
  source: number,
  destination: number,
  { registers }: ThreadState,
): Effect {
  const bits = bitsOf(instruction.widthBytes);
  switch (instruction.kind) {
    case 'move':
      return { write: source };
    case 'compare':
      return { flags: compute(instruction.operation, destination, source, bits).flags };
    case 'arithmetic': {
      const { result, flags } = compute(instruction.operation, destination, source, bits);
      return { write: result, flags };
    }
    case 'exchange':
      return { write: source, registers: { [instruction.source.register]: destination } };
    case 'exchange-add': {
      const { result, flags } = compute('add', destination, source, bits);
      const changed = { [instruction.source.register]: destination };
      return { write: result, flags, registers: changed };
    }
    case 'compare-exchange': {
      const { flags } = compute('sub', registers.rax, destination, bits);
      const equal = narrow(registers.rax, bits) === narrow(destination, bits);
      return equal ? { write: source, flags } : { flags, registers: { rax: destination } };
    }
  }
}

/** The registers after an instruction; the destination is written last. */
function written(
  { registers }: ThreadState,
  { destination, widthBytes }: Access,
  effect: Effect,
): Record<X86Register, number> {
  const after = { ...registers };
  const put = (register: X86Register, value: number, width: OperandWidth): void => {
    after[register] = merge(after[register], value, bitsOf(width));
  };
  for (const [register, value] of Object.entries(effect.registers ?? {}))
    put(register as X86Register, value, widthBytes);
  if (destination.kind === 'register' && effect.write !== undefined)
    put(destination.register, effect.write, widthBytes);
  return after;
}
