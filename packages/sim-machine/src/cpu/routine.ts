import { compileRoutine, compileSteps } from '../isa/compiler.js';
import type { ExecutionEnvironment } from '../isa/execution-environment.js';
import type { Program } from '../isa/program.js';
import type { StepTable } from './step-table.js';

type Compile<Code> = (
  program: Program,
  entry: number,
  address: number,
  environment: ExecutionEnvironment,
  uniqueTag: string,
) => Code;

/** A budget from which on it pays to have compiled code. */
const WORTH_COMPILING = 64;

/** How often a routine starts with too little budget for compiled code until it pays to have steps compiled. */
const WORTH_STEPS = 300;

/** What compiled code is made with, and where some of it is found. */
export interface CompilationContext {
  readonly environment: ExecutionEnvironment;
  /** Names the machine among those of the host process. */
  readonly tag: string;
  readonly steps: StepTable;
}

/** A budget that never comes; a small integer, so that budgets are compared with nothing else. */
export const NEVER = 0x7fffffff;

/**
 * A piece of installed machine code that a thread can call: it runs from its entry to a `ret`.
 *
 * It is interpreted until a budget comes along that makes compiled code worth having, or so many small ones
 * that code for these is.
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
  /** How often it is to start with a small budget until {@link compileSteps} is called; 0 once that was tried. */
  startsToSteps: number = WORTH_STEPS;
  /** Whether compiled code was given up for good. */
  isInterpreted = false;
  readonly #context: CompilationContext;

  /** Made by {@link InstalledProgram.routine}. @internal */
  constructor(program: Program, entry: string, installedAt: number, context: CompilationContext) {
    this.name = entry;
    this.program = program;
    this.address = installedAt + program.offsetOf(entry);
    this.#context = context;
  }

  /** Gives up compiled code for good: the text is no longer the program's. */
  interpretOnly(): void {
    this.isInterpreted = true;
    this.longestPath = NEVER;
    this.compileFrom = NEVER;
    this.startsToSteps = 0;
  }

  /** Makes the compiled code, where the routine can have one. */
  compile(): void {
    this.compileFrom = NEVER;
    const compiled = this.#compileBy(compileRoutine);
    if (compiled === undefined) return;
    this.run = compiled.run;
    this.longestPath = compiled.longestPath;
  }

  /** Makes the code for small budgets, where the routine can have it. */
  compileSteps(): void {
    this.startsToSteps = 0;
    const compiled = this.#compileBy(compileSteps);
    if (compiled !== undefined) this.#context.steps.add(compiled.entries, compiled.run);
  }

  #compileBy<Code>(compile: Compile<Code>): Code {
    const entry = this.program.offsetOf(this.name);
    const { environment, tag } = this.#context;
    return compile(this.program, entry, this.address - entry, environment, tag);
  }
}

function neverCompiled(): number {
  throw new Error('rseqlab bug: a routine without compiled code was run as compiled');
}
