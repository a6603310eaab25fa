import { compileRoutine } from '../isa/compiler.js';
import type { ExecutionEnvironment } from '../isa/execution-environment.js';
import type { Program } from '../isa/program.js';

/** A budget from which on it pays to have compiled code. */
const WORTH_COMPILING = 64;

/** A budget that never comes; a small integer, so that budgets are compared with nothing else. */
export const NEVER = 0x7fffffff;

/**
 * A piece of installed machine code that a thread can call: it runs from its entry to a `ret`.
 *
 * It is interpreted until a budget comes along that makes compiled code worth having.
 */
export class Routine {
  /** Label of the entry in its program. */
  readonly name: string;
  /** The program it is part of. */
  readonly program: Program;
  /** Address of the first instruction. */
  readonly address: number;
  /** Instructions on the longest path through compiled code; above every budget while there is no compiled code. */
  longestPath: number = NEVER;
  /** Smallest budget at which to call {@link compile}; above every budget once that was tried. */
  compileFrom: number = WORTH_COMPILING;
  /** The compiled code; returns the number of instructions executed. */
  run: (base: number, tlb: number) => number = neverCompiled;
  readonly #environment: ExecutionEnvironment;
  readonly #tag: string;

  /** Made by {@link InstalledProgram.routine}. @internal */
  constructor(
    program: Program,
    entry: string,
    installedAt: number,
    environment: ExecutionEnvironment,
    tag: string,
  ) {
    this.name = entry;
    this.program = program;
    this.address = installedAt + program.offsetOf(entry);
    this.#environment = environment;
    this.#tag = tag;
  }

  /** Gives up compiled code for good: the text is no longer the program's. */
  interpretOnly(): void {
    this.longestPath = NEVER;
    this.compileFrom = NEVER;
  }

  /** Makes the compiled code, where the routine can have one. */
  compile(): void {
    this.compileFrom = NEVER;
    const installedAt = this.address - this.program.offsetOf(this.name);
    const compiled = compileRoutine(
      this.program,
      this.program.offsetOf(this.name),
      installedAt,
      this.#environment,
      this.#tag,
    );
    if (compiled === undefined) return;
    this.run = compiled.run;
    this.longestPath = compiled.longestPath;
  }
}

function neverCompiled(): number {
  throw new Error('rseqlab bug: a routine without compiled code was run as compiled');
}
