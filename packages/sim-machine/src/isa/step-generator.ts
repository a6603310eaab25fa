import { effectCode, isPlain } from './effect-code.js';
import { ExitReason } from './exit-reason.js';
import { substituteOperands } from './operand-code.js';
import { REG_EXIT, REG_IP } from './register-file.js';
import { registerSlot } from './register-slot.js';
import { branchTarget, type RoutineFlow, type RoutineInstruction } from './routine-flow.js';

/**
 * So far behind the end of their budget threads are left to the interpreter, which stops them at some
 * point where nothing visible comes; no straight way through a routine is as long as from here to there.
 */
const MOST_BEHIND = -50_000;

/**
 * Writes a routine as the body of a JavaScript function that returns `(base, tlb, budget) => executed`,
 * which can be entered at every instruction that a decision may fall before; see `CompiledSteps`.
 *
 * One loop around one `switch`, with a case for every instruction that control can come to other than
 * from the one before. Machine registers stay in the register file. `left` is what was left of the budget
 * at the last case; what was executed since then is counted while the code is written.
 *
 * The parts of the environment are free names, as for `generateRoutine`.
 *
 * @param address where the program is installed
 */
export function generateSteps({ instructions }: RoutineFlow, address: number): string {
  const first = instructions[0]!.offset;
  const offsets = new Set(instructions.map(({ offset }) => offset));
  const targets = new Set(instructions.flatMap((step) => targetOf(step) ?? []));
  const caseOf = (offset: number): number => (offset - first) >> 2;
  const lines: string[] = [];
  let counted = 0;

  for (const step of instructions) {
    const { instruction, offset, leaves } = step;
    const { effect, visible } = instruction.definition;
    const at = `${registerSlot(REG_IP)}=${(address + offset) | 0};`;
    const leave = (exit: ExitReason, executed: number): string =>
      `${at}${registerSlot(REG_EXIT)}=${exit};return budget-left+${executed}|0;`;
    const handOver = (executed: number): string => `${at}return ~(budget-left+${executed});`;

    if (isEntry(step, first) || targets.has(offset)) {
      if (counted > 0) lines.push(`left=left-${counted}|0;`);
      counted = 0;
      lines.push(`case ${caseOf(offset)}:`);
    }
    if (visible) lines.push(`if(left<=0){${leave(ExitReason.Budget, 0)}}`);
    if (isPlain(effect)) {
      // Accesses say so themselves, where anybody can ask.
      if (effect.kind === 'fence' || effect.kind === 'query') lines.push(at);
      const fault = leave(ExitReason.Fault, counted);
      lines.push(effectCode(instruction, effect, fault, address + offset, registerSlot));
    } else if (effect.kind === 'branch') {
      const target = targetOf(step)!;
      const go = `left=left-${counted + 1}|0;at=${caseOf(target)};continue;`;
      const taken =
        target > offset
          ? go
          : offsets.has(target)
            ? `if(left>${counted}){${go}}${handOver(counted)}`
            : handOver(counted);
      const { condition } = effect;
      lines.push(
        condition === undefined
          ? taken
          : `if(${substituteOperands(condition, instruction, registerSlot)}){${taken}}`,
      );
    } else if (leaves === 'always') lines.push(handOver(counted));
    else lines.push(leave(ExitReason.Return, counted + 1));
    counted += 1;
  }

  return [
    'return function steps(registerBase,translationBase,budgetInstructions){',
    'const base=registerBase|0,tlb=translationBase|0,budget=budgetInstructions|0;',
    `if(budget<${MOST_BEHIND})return ~0;`,
    `let left=budget,at=${registerSlot(REG_IP)}-(${(address + first) | 0})>>2;`,
    'for(;;)switch(at){',
    ...lines,
    'default:return ~0;}}',
  ].join('\n');
}

/** Where the function can be entered: byte offsets in the program. */
export function stepEntries({ instructions }: RoutineFlow): readonly number[] {
  const first = instructions[0]!.offset;
  return instructions.filter((step) => isEntry(step, first)).map(({ offset }) => offset);
}

function isEntry({ instruction, offset }: RoutineInstruction, first: number): boolean {
  return offset === first || instruction.definition.visible;
}

function targetOf({ instruction, offset }: RoutineInstruction): number | undefined {
  return branchTarget(instruction, offset);
}
