import { effectCode, isPlain } from './effect-code.js';
import { ExitReason } from './exit-reason.js';
import { localRegister, substituteOperands } from './operand-code.js';
import { registerSlot } from './register-slot.js';
import { registerFlow, type RegisterFlow } from './register-flow.js';
import { REG_EXIT, REG_IP } from './register-file.js';
import { registerNumbers } from './register-use.js';
import type { RoutineFlow, RoutineInstruction } from './routine-flow.js';

/**
 * Writes a routine as the body of a JavaScript function that returns `(base, tlb) => executed`.
 *
 * The parts of the environment are free names: `registers`, `words`, `halves`, `bytes`,
 * `translations` and `port`. Machine registers are locals. A forward branch is a `break` out of a
 * labelled block that ends in front of its target. Instructions are counted by position: what a
 * taken branch leaves out is added to `skipped`, so that straight code counts nothing.
 *
 * @param address where the program is installed
 */
export function generateRoutine(flow: RoutineFlow, address: number): string {
  const registers = registerFlow(flow);
  const skips = skipsInstructions(flow);
  return [
    'return function routine(registerBase,translationBase){',
    'const base=registerBase|0,tlb=translationBase|0;',
    declarations(registers, skips),
    ...routineBody(flow, address, 'L', ({ index, ip, exit, executed }) => {
      const count = skips ? `${executed}-skipped|0` : String(executed);
      return `${leaveCode(registers.written[index]!, ip | 0, exit)}return ${count};`;
    }),
    '}',
  ].join('\n');
}

/** Where control leaves a routine. */
export interface Leaving {
  /** Number of the instruction, and its address. */
  readonly index: number;
  readonly ip: number;
  readonly exit: ExitReason;
  /** Instructions up to there, those that were skipped included. */
  readonly executed: number;
}

/** Whether a branch skips instructions, so that `skipped` is needed. */
export function skipsInstructions({ instructions }: RoutineFlow): boolean {
  return instructions.some(({ target }, index) => (target ?? 0) > index + 1);
}

/**
 * Writes the instructions of a routine.
 *
 * @param label what the labels of its blocks begin with
 * @param leaveCode writes what is done where control leaves; nothing comes behind
 */
export function routineBody(
  { instructions }: RoutineFlow,
  address: number,
  label: string,
  leaveCode: (leaving: Leaving) => string,
): string[] {
  const targets = [...new Set(instructions.flatMap(({ target }) => target ?? []))];
  targets.sort((left, right) => right - left);
  const lines = instructions.map((step, index) => {
    const ip = address + step.offset;
    const code = instructionCode(step, index, ip, label, (exit, executed) =>
      leaveCode({ index, ip, exit, executed }),
    );
    return targets.includes(index) ? `}${code}` : code;
  });
  return [...targets.map((target) => `${label}${target}:{`), ...lines];
}

type Leave = (exit: ExitReason, executed: number) => string;

function declarations({ loaded, used }: RegisterFlow, skips: boolean): string {
  const locals = registerNumbers(used).map((number) =>
    ((loaded >>> number) & 1) === 1 ? `r${number}=${registerSlot(number)}` : `r${number}=0`,
  );
  if (skips) locals.push('skipped=0');
  return locals.length === 0 ? '' : `let ${locals.join(',')};`;
}

function instructionCode(
  step: RoutineInstruction,
  index: number,
  ip: number,
  label: string,
  leave: Leave,
): string {
  const { instruction, leaves } = step;
  const { effect } = instruction.definition;
  if (leaves === 'always') return leave(ExitReason.Budget, index);
  if (isPlain(effect))
    return effectCode(instruction, effect, leave(ExitReason.Fault, index), ip, localRegister);
  switch (effect.kind) {
    case 'branch': {
      const condition =
        effect.condition && substituteOperands(effect.condition, instruction, localRegister);
      if (leaves !== undefined) return `if(${condition!}){${leave(ExitReason.Budget, index)}}`;
      const skipped = step.target! - index - 1;
      const go = `${skipped > 0 ? `skipped=skipped+${skipped}|0;` : ''}break ${label}${step.target!};`;
      return condition === undefined ? go : `if(${condition}){${go}}`;
    }
    case 'await':
      throw new Error('rseqlab bug: a wait in a routine that was to be compiled');
    case 'exit':
      return leave(ExitReason.Return, index + 1);
  }
}

/**
 * Writes back what may have changed.
 *
 * @param written those registers, as a bit mask
 * @param ip an expression
 */
export function leaveCode(written: number, ip: number | string, exit: ExitReason): string {
  const changed = registerNumbers(written).map((number) => `${registerSlot(number)}=r${number};`);
  return `${changed.join('')}${registerSlot(REG_IP)}=${ip};${registerSlot(REG_EXIT)}=${exit};`;
}
