import type { InstalledProgram, ThreadBody } from '@rseqlab/sim-machine';
import {
  FUNCTION_ENTRY,
  type CodeExit,
  type CodeRegister,
  type FunctionCode,
} from '../lkmm/function-code.js';
import type { LkmmKernel } from './lkmm-kernel.js';

/**
 * The thread that runs a function: a piece of code, the call of the kernel that it ends with, the
 * next piece.
 *
 * @param captured - takes the variables that are looked at, by their order in `observed`
 * @param wentAstray - told when the function does not come to its end
 */
export function lkmmThread(
  { exits }: FunctionCode,
  installed: InstalledProgram,
  kernel: LkmmKernel,
  observed: readonly CodeRegister[],
  captured: Int32Array,
  wentAstray: () => void,
): ThreadBody {
  return function* lkmmFunction(t) {
    let routine = installed.routine(FUNCTION_ENTRY);
    const passed = [0, 0, 0, 0, 0, 0];
    const values = new Map<CodeRegister, number>();
    for (;;) {
      t.pass(passed[4]!, passed[5]!);
      if (!t.exec(routine, passed[0], passed[1], passed[2], passed[3])) yield;
      const exit = exits[t.result]!;
      values.clear();
      for (const register of exit.kept) values.set(register, t.register(register));
      if (exit.resume === undefined) {
        if (exit.action !== 'end') wentAstray();
        observed.forEach((register, index) => {
          captured[index] = values.get(register) ?? 0;
        });
        kernel.leave(t, exit);
        return;
      }
      const result = yield* kernel.call(t, exit, ...argumentsOf(t, exit));
      if (exit.into !== undefined) values.set(exit.into, result);
      exit.passed.forEach((register, index) => {
        passed[index] = register === undefined ? 0 : values.get(register)!;
      });
      routine = installed.routine(exit.resume);
    }
  };
}

/** r1 and r2, as the piece of code left them. */
function argumentsOf(
  t: { register(n: number): number },
  _exit: CodeExit,
): readonly [first: number, second: number] {
  return [t.register(1), t.register(2)];
}
