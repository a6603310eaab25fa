import type { CallTerms } from '../isa/chain-generator.js';
import { compileChain } from '../isa/compiler.js';
import type { CompilationContext, Routine } from './routine.js';
import { NEVER } from './routine.js';

/** A budget from which on it pays to have a chain compiled, and how often it is asked for with one until then. */
const WORTH_COMPILING = 64;
const WORTH_CODE = 100;

/** One call of a chain. */
export interface ChainCall extends CallTerms {
  readonly routine: Routine;
}

/**
 * Routines that a library calls one behind the other, as one piece of compiled code.
 *
 * The machine sees no difference: the same instructions in the same order, before each of which everything can
 * happen that could happen before. A chain is followed where nothing can come in between: with budget for the longest way
 * through all of it. Elsewhere the library calls the routines one by one.
 */
export class RoutineChain {
  readonly calls: readonly ChainCall[];
  /** What calls compute with that is not known before; set before each {@link Thread.follow}. */
  readonly inputs: Int32Array;
  /** Who has set the inputs last, and so need not set the same ones again; nobody else looks at it. */
  user: unknown;
  /** What calls have kept, by number; told where the chain was not followed to its end. */
  readonly kept: Int32Array;
  /** Word 0: instructions of the call at which it stopped that are not charged yet. @internal */
  readonly rest: Int32Array = new Int32Array(1);
  /** Instructions on the longest way; above every budget while there is no code. @internal */
  longestPath: number = NEVER;
  /** The code; returns calls that are done. @internal */
  run: (base: number, tlb: number) => number = neverCompiled;
  readonly #context: CompilationContext;
  #untilCode = WORTH_CODE;

  /** Made by `Machine.chain`. @internal */
  constructor(calls: readonly ChainCall[], inputs: number, context: CompilationContext) {
    this.calls = calls;
    this.inputs = new Int32Array(inputs);
    this.kept = new Int32Array(calls.reduce((sum, { keeps = [] }) => sum + keeps.length, 0));
    this.#context = context;
  }

  /**
   * It was not followed for want of budget, or of code: makes the code when that pays.
   *
   * @param budget word 0: instructions that may still be executed before the next decision
   * @internal
   */
  missed(budget: Int32Array): void {
    if (this.#untilCode === 0 || budget[0]! < WORTH_COMPILING) return;
    this.#untilCode -= 1;
    if (this.#untilCode === 0) this.#compile(budget);
  }

  /** Gives up compiled code for good. @internal */
  breakUp(): void {
    this.longestPath = NEVER;
    this.#untilCode = 0;
  }

  /** Whether it consists of the same calls. @internal */
  isOf(calls: readonly ChainCall[]): boolean {
    if (calls.length !== this.calls.length) return false;
    return calls.every(({ routine, ...terms }, n) => {
      const { routine: own, ...ownTerms } = this.calls[n]!;
      return routine === own && JSON.stringify(terms) === JSON.stringify(ownTerms);
    });
  }

  #compile(budget: Int32Array): void {
    const { environment, tag } = this.#context;
    const { inputs, kept, rest } = this;
    const calls = this.calls.map(({ routine, ...terms }) => {
      const { program } = routine;
      const entry = program.offsetOf(routine.name);
      return { ...terms, program, entry, address: routine.address - entry };
    });
    const names = this.calls.map(({ routine }) => routine.address).join(' ');
    const ports = { budget, inputs, kept, rest };
    const compiled = compileChain(calls, environment, ports, `${tag} ${names}`);
    if (compiled === undefined) return;
    this.run = compiled.run;
    this.longestPath = compiled.longestPath;
  }
}

function neverCompiled(): number {
  throw new Error('rseqlab bug: a chain without compiled code was followed');
}
