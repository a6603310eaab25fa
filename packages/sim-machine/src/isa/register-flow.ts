import { registersRead, registersWritten } from './register-use.js';
import { fallsThrough, type RoutineFlow } from './routine-flow.js';

/** Which registers compiled code has to load first and to write back where; as bit masks. */
export interface RegisterFlow {
  /** Registers whose value at the entry matters. */
  readonly loaded: number;
  /** By instruction: registers that may have been written before it. */
  readonly written: readonly number[];
  /** Every register that occurs. */
  readonly used: number;
}

/**
 * Finds the registers that a routine must load at its entry and write back at each of its exits.
 *
 * An exit writes back every register that some path to it has written; where another path has not,
 * the register is loaded at the entry, so that writing it back changes nothing.
 */
export function registerFlow({ instructions }: RoutineFlow): RegisterFlow {
  const count = instructions.length;
  const written = new Array<number>(count + 1).fill(0);
  let used = 0;
  for (const [index, { instruction, target }] of instructions.entries()) {
    const after = written[index]! | registersWritten(instruction);
    used |= registersRead(instruction) | registersWritten(instruction);
    if (fallsThrough(instruction)) written[index + 1] = written[index + 1]! | after;
    if (target !== undefined) written[target] = written[target]! | after;
  }

  const live = new Array<number>(count + 1).fill(0);
  for (let index = count - 1; index >= 0; index--) {
    const { instruction, target } = instructions[index]!;
    let after = fallsThrough(instruction) ? live[index + 1]! : 0;
    if (target !== undefined) after |= live[target]!;
    const needed = registersRead(instruction) | (mayLeave(index) ? written[index]! : 0);
    live[index] = (after & ~registersWritten(instruction)) | needed;
  }
  return { loaded: live[0]!, written: written.slice(0, count), used };

  function mayLeave(index: number): boolean {
    const { kind } = instructions[index]!.instruction.definition.effect;
    return kind === 'exit' || kind === 'load' || kind === 'store' || kind === 'atomic';
  }
}
