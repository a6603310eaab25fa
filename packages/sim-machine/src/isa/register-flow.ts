import { registersRead, registersWritten } from './register-use.js';
import { goesOn, type RoutineFlow } from './routine-flow.js';

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
  for (const [index, step] of instructions.entries()) {
    const { instruction, target } = step;
    const after = written[index]! | registersWritten(instruction);
    used |= registersRead(instruction) | registersWritten(instruction);
    if (goesOn(step)) written[index + 1] = written[index + 1]! | after;
    if (target !== undefined) written[target] = written[target]! | after;
  }

  const live = new Array<number>(count + 1).fill(0);
  for (let index = count - 1; index >= 0; index--) {
    const step = instructions[index]!;
    const { instruction, target } = step;
    let after = goesOn(step) ? live[index + 1]! : 0;
    if (target !== undefined) after |= live[target]!;
    const needed = registersRead(instruction) | (mayLeave(index) ? written[index]! : 0);
    live[index] = (after & ~registersWritten(instruction)) | needed;
  }
  return { loaded: live[0]!, written: written.slice(0, count), used };

  function mayLeave(index: number): boolean {
    const { instruction, leaves } = instructions[index]!;
    const { kind } = instruction.definition.effect;
    return (
      leaves !== undefined ||
      kind === 'exit' ||
      kind === 'load' ||
      kind === 'store' ||
      kind === 'atomic'
    );
  }
}
