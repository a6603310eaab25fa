import { generateRoutine } from './code-generator.js';
import type { ExecutionEnvironment } from './execution-environment.js';
import { evaluate } from './generated-code.js';
import type { Program } from './program.js';
import { routineFlow } from './routine-flow.js';

/** A routine as one JavaScript function. */
export interface CompiledRoutine {
  /**
   * Runs the routine from its entry to a `ret`, or to an access that faults, and leaves registers,
   * ip and {@link ExitReason} as the interpreter would.
   *
   * @param base word offset of the thread's registers
   * @param tlb word offset of its address space's translations
   * @returns instructions executed
   */
  readonly run: (base: number, tlb: number) => number;
  /** Instructions on the longest path; with at least this budget it need not be interpreted. */
  readonly longestPath: number;
}

/**
 * Compiles a routine of a program: everything from an entry to a `ret` that control only moves
 * forward in. What an abort would lead to is not followed; that is left to the interpreter.
 *
 * @param entry byte offset of the first instruction in the program
 * @param address where the program is installed
 * @param uniqueTag differs between the machines of a host process, see `evaluate`
 * @returns undefined when the routine branches backward or can reach a `syscall`, `brk`, `rdclk` or
 *   an illegal word, and where the host forbids code from strings
 */
export function compileRoutine(
  program: Program,
  entry: number,
  address: number,
  environment: ExecutionEnvironment,
  uniqueTag: string,
): CompiledRoutine | undefined {
  const flow = routineFlow(program.relocated(address), entry);
  if (flow === undefined) return undefined;
  const { registers, memory, translations, port } = environment;
  const { words, halves, bytes } = memory;
  const run = evaluate(
    generateRoutine(flow, address),
    { registers, words, halves, bytes, translations, port },
    `${uniqueTag} ${program.name} ${address + entry}`,
  ) as CompiledRoutine['run'] | undefined;
  return run && { run, longestPath: flow.longestPath };
}
