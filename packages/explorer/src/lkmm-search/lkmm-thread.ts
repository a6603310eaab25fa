import type { InstalledProgram, Operation, Thread, ThreadBody } from '@rseqlab/sim-machine';
import { FUNCTION_ENTRY, type CodeRegister, type FunctionCode } from '../lkmm/function-code.js';
import type { LkmmKernel } from './lkmm-kernel.js';

/** What a thread runs a function with, and whom it tells how far it has got. */
export interface LkmmThreadParts {
  readonly code: FunctionCode;
  readonly installed: InstalledProgram;
  readonly kernel: LkmmKernel;
  /** The registers of the variables that are looked at. */
  readonly observed: readonly CodeRegister[];
  /** What the thread does before the test; default nothing. */
  begin?(t: Thread): Operation<void>;
  /** What it does at the end with their values, in that order. */
  finish(t: Thread, values: readonly number[]): Operation<void>;
  /** Told that what comes before the test is done. */
  began?(): void;
  /** Told by which exit the code was left, for a call. */
  left?(exit: number): void;
  /** Told that the call is done and the code goes on. */
  wentOn?(exit: number): void;
  /** Told when the function does not come to its end. */
  wentAstray?(): void;
}

/**
 * The thread that runs a function: a piece of code, the call of the kernel that it ends with, the
 * next piece.
 */
export function lkmmThread(parts: LkmmThreadParts): ThreadBody {
  const { code, installed, kernel, observed } = parts;
  return function* lkmmFunction(t) {
    let routine = installed.routine(FUNCTION_ENTRY);
    const passed = [0, 0, 0, 0, 0, 0];
    const values = new Map<CodeRegister, number>();
    if (parts.begin !== undefined) yield* parts.begin(t);
    parts.began?.();
    for (;;) {
      t.pass(passed[4]!, passed[5]!);
      if (!t.exec(routine, passed[0], passed[1], passed[2], passed[3])) yield;
      const number = t.result;
      const exit = code.exits[number]!;
      values.clear();
      for (const register of exit.kept) values.set(register, t.register(register));
      parts.left?.(number);
      if (exit.resume === undefined) {
        if (exit.action !== 'end') parts.wentAstray?.();
        yield* parts.finish(
          t,
          observed.map((register) => values.get(register) ?? 0),
        );
        kernel.leave(t, exit);
        return;
      }
      const result = yield* kernel.call(t, exit, t.register(1), t.register(2));
      if (exit.into !== undefined) values.set(exit.into, result);
      exit.passed.forEach((register, index) => {
        passed[index] = register === undefined ? 0 : values.get(register)!;
      });
      routine = installed.routine(exit.resume);
      parts.wentOn?.(number);
    }
  };
}
