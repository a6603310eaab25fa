import { generateChain, type CallTerms } from './chain-generator.js';
import { generateRoutine } from './code-generator.js';
import { generateSteps, stepEntries } from './step-generator.js';
import type { ExecutionEnvironment } from './execution-environment.js';
import { evaluate } from './generated-code.js';
import type { Program } from './program.js';
import { routineFlow } from './routine-flow.js';

/** A routine as one JavaScript function. */
export interface CompiledRoutine {
  /**
   * Runs the routine from its entry to a `ret`, or to an access that faults, and leaves registers,
   * ip and {@link ExitReason} as the interpreter would; or to where the interpreter takes over, with
   * `Budget` for the reason, whatever budget is left.
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
 * Runs a thread from its ip as the interpreter does that may stop before visible instructions only, and
 * leaves everything as that would; or to where the interpreter has to go on with what is left of the
 * budget, before which the reason of the exit is none.
 *
 * @param base word offset of the thread's registers
 * @param tlb word offset of its address space's translations
 * @param budget in instructions, an int32; may be below zero
 * @returns instructions executed; their complement, which is below zero, where the interpreter goes on
 */
export type StepFunction = (base: number, tlb: number, budget: number) => number;

/** A routine as one function that can be entered wherever a decision may fall. */
export interface CompiledSteps {
  readonly run: StepFunction;
  /** Addresses at which it can be entered. */
  readonly entries: readonly number[];
}

/**
 * Compiles a routine of a program: everything from an entry on that control only moves forward in. The way
 * back to an earlier instruction, system calls, breakpoints, waits, and what an abort would lead to are
 * left to the interpreter.
 *
 * @param entry byte offset of the first instruction in the program
 * @param address where the program is installed
 * @param uniqueTag differs between the machines of a host process, see `evaluate`
 * @returns undefined when the routine begins with what is left to the interpreter or can reach an illegal
 *   word, and where the host forbids code from strings
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
  const tag = `${uniqueTag} ${program.name} ${address + entry}`;
  const run = evaluate(generateRoutine(flow, address), partsOf(environment), tag) as
    CompiledRoutine['run'] | undefined;
  return run && { run, longestPath: flow.longestPath };
}

/**
 * Compiles the same part of a routine for small budgets, which it is cut up by.
 *
 * Parameters as for {@link compileRoutine}.
 *
 * @returns undefined where {@link compileRoutine} returns it
 */
export function compileSteps(
  program: Program,
  entry: number,
  address: number,
  environment: ExecutionEnvironment,
  uniqueTag: string,
): CompiledSteps | undefined {
  const flow = routineFlow(program.relocated(address), entry);
  if (flow === undefined) return undefined;
  const tag = `steps ${uniqueTag} ${program.name} ${address + entry}`;
  const run = evaluate(generateSteps(flow, address), partsOf(environment), tag) as
    StepFunction | undefined;
  return run && { run, entries: stepEntries(flow).map((offset) => address + offset) };
}

/** Calls of routines that follow one another, as one function. */
export interface CompiledChain {
  /**
   * Makes the calls one behind the other, and charges them to the budget.
   *
   * Where one does not return, or what it returns does not let the chain go on, all is left as if it had been called
   * by itself: as {@link CompiledRoutine} leaves it, or returned.
   *
   * @returns calls that are done
   */
  readonly run: (base: number, tlb: number) => number;
  /** Instructions on the longest path through all of it. */
  readonly longestPath: number;
}

/** A call as it is to be compiled. */
export interface ChainedRoutine extends CallTerms {
  readonly program: Program;
  /** Byte offset of the first instruction in the program. */
  readonly entry: number;
  /** Where the program is installed. */
  readonly address: number;
}

/** Where compiled chains find and tell what no register holds. */
export interface ChainPorts {
  /** Word 0: what is left until the next decision. */
  readonly budget: Int32Array;
  readonly inputs: Int32Array;
  /** What calls have kept, told where a later one is not done. */
  readonly kept: Int32Array;
  /** Word 0: instructions of the call that is not done, which are not charged. */
  readonly rest: Int32Array;
}

/**
 * Compiles calls of routines that follow one another.
 *
 * @returns undefined where {@link compileRoutine} returns it for one of them
 */
export function compileChain(
  calls: readonly ChainedRoutine[],
  environment: ExecutionEnvironment,
  ports: ChainPorts,
  uniqueTag: string,
): CompiledChain | undefined {
  let longestPath = 0;
  const compiled = [];
  for (const call of calls) {
    const flow = routineFlow(call.program.relocated(call.address), call.entry);
    if (flow === undefined) return undefined;
    longestPath += flow.longestPath;
    compiled.push({ ...call, flow });
  }
  const parts = { ...partsOf(environment), ...ports };
  const run = evaluate(generateChain(compiled), parts, `chain ${uniqueTag}`) as
    CompiledChain['run'] | undefined;
  return run && { run, longestPath };
}

function partsOf({
  registers,
  memory,
  translations,
  port,
}: ExecutionEnvironment): Readonly<Record<string, unknown>> {
  const { words, halves, bytes } = memory;
  return { registers, words, halves, bytes, translations, port };
}
