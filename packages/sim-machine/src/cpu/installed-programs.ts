import type { ExecutionEnvironment } from '../isa/execution-environment.js';
import { liveRegisters } from '../isa/liveness.js';
import type { Program } from '../isa/program.js';
import type { TextSegment } from '../memory/text-segment.js';
import { Routine, type CompilationContext } from './routine.js';
import { RoutineChain, type ChainCall } from './routine-chain.js';
import { StepTable } from './step-table.js';

const ALL_REGISTERS = 0xffff;

/** A program at its address in the text segment. */
export class InstalledProgram {
  /** The program. */
  readonly program: Program;
  /** Where its first word is. */
  readonly address: number;
  readonly #context: CompilationContext;
  readonly #routines = new Map<string, Routine>();
  /** The routine that was asked for last, and its label. */
  #last: Routine | undefined;
  #lastLabel = '';

  /** Made by {@link Machine.install}. @internal */
  constructor(program: Program, address: number, context: CompilationContext) {
    this.program = program;
    this.address = address;
    this.#context = context;
  }

  /**
   * The routine that starts at a label.
   *
   * @throws MachineError `ERR_ASSEMBLY` when the program has no such label
   */
  routine(label: string): Routine {
    // Most programs have one, which every setup asks for.
    if (this.#last !== undefined && this.#lastLabel === label) return this.#last;
    let routine = this.#routines.get(label);
    if (routine === undefined) {
      routine = new Routine(this.program, label, this.address, this.#context);
      if (this.isPatched || this.#context.environment.interpretOnly === true)
        routine.interpretOnly();
      this.#routines.set(label, routine);
    }
    this.#lastLabel = label;
    this.#last = routine;
    return routine;
  }

  /** Whether a word of its text was changed in this run. */
  isPatched = false;

  /** A word of its text was changed: from now on it is interpreted. */
  patched(): void {
    this.isPatched = true;
    for (const routine of this.#routines.values()) routine.interpretOnly();
    this.#context.steps.remove(this.address, this.address + this.program.sizeBytes);
  }

  /** Address of a label. */
  addressOf(label: string): number {
    return this.address + this.program.offsetOf(label);
  }
}

/**
 * The programs in the machine's text segment.
 *
 * Addresses follow from the order of installation alone. After a reset the programs of the run
 * before still lie there, so that a run that installs the same ones in the same order copies and
 * compiles nothing.
 */
export class InstalledPrograms {
  /** The code that threads run by at small budgets. */
  readonly steps: StepTable;
  readonly #text: TextSegment;
  readonly #context: CompilationContext;
  /** Changes whenever a word that a program may have read from the text does. */
  version = 0;
  #installed: InstalledProgram[] = [];
  #count = 0;
  #chains: RoutineChain[] = [];
  /** Live registers before every word of the text segment; empty when nobody wants to know. */
  #live = new Int32Array(0);

  constructor(text: TextSegment, environment: ExecutionEnvironment, tag: string) {
    const steps = (this.steps = new StepTable(text.base));
    this.#text = text;
    this.#context = { environment, tag, steps };
  }

  /** Keeps {@link liveAt} from now on; before the first program is installed. */
  trackLiveness(): void {
    this.#live = new Int32Array(this.#text.capacityBytes >> 2);
  }

  /** Registers that can still matter to a thread at an address, as a bit mask. */
  liveAt(ip: number): number {
    return this.#live[(ip - this.#text.base) >> 2] ?? ALL_REGISTERS;
  }

  /** The next run installs anew. */
  reset(): void {
    this.#count = 0;
    if (this.#installed.some(({ isPatched }) => isPatched)) this.#truncate();
  }

  /**
   * Changes a word of the text, as a debugger does that sets a breakpoint; until the end of the run.
   *
   * @param address a multiple of 4
   * @returns false when no program of this run lies there
   */
  patch(address: number, word: number): boolean {
    const installed = this.at(address);
    if (installed === undefined) return false;
    installed.patched();
    for (const chain of this.#chains) if (goesThrough(chain, installed)) chain.breakUp();
    this.version += 1;
    // Control may go anywhere from the new word: in this program every register matters.
    const first = (installed.address - this.#text.base) >> 2;
    this.#live.fill(ALL_REGISTERS, first, first + installed.program.words.length);
    this.#text.write(address, [word]);
    return true;
  }

  /**
   * Puts a program into the text segment, unless this run has done so already.
   *
   * @throws MachineError `ERR_CAPACITY` when the segment is full
   */
  install(program: Program): InstalledProgram {
    for (let i = 0; i < this.#count; i++)
      if (this.#installed[i]!.program === program) return this.#installed[i]!;
    if (this.#installed[this.#count]?.program !== program) {
      this.#truncate();
      this.#installed.push(this.#place(program));
    }
    return this.#installed[this.#count++]!;
  }

  /**
   * Routines of installed programs that are called one behind the other; the same object for the same calls.
   *
   * @param inputs how many the calls compute with
   */
  chain(calls: readonly ChainCall[], inputs: number): RoutineChain {
    const known = this.#chains.find((chain) => chain.isOf(calls));
    if (known !== undefined) return known;
    const chain = new RoutineChain(calls, inputs, this.#context);
    if (calls.some(({ routine }) => routine.isInterpreted)) chain.breakUp();
    this.#chains.push(chain);
    return chain;
  }

  /** The programs of this run, in the order of their installation. */
  get all(): readonly InstalledProgram[] {
    return this.#installed.slice(0, this.#count);
  }

  /** The program that an address belongs to, or undefined. */
  at(address: number): InstalledProgram | undefined {
    return this.#installed
      .slice(0, this.#count)
      .find(
        (entry) => address >= entry.address && address < entry.address + entry.program.sizeBytes,
      );
  }

  #truncate(): void {
    if (this.#installed.length === this.#count) return;
    const kept = this.#installed.slice(0, this.#count);
    this.version += 1;
    this.#text.clear();
    this.steps.remove(this.#installed[this.#count]!.address, this.#text.end);
    const dropped = this.#installed.slice(this.#count);
    this.#chains = this.#chains.filter(
      (chain) => !dropped.some((installed) => goesThrough(chain, installed)),
    );
    this.#installed = kept;
    for (const { program } of kept) this.#write(program, this.#text.place(program.sizeBytes));
  }

  #place(program: Program): InstalledProgram {
    const address = this.#text.place(program.sizeBytes);
    this.#write(program, address);
    return new InstalledProgram(program, address, this.#context);
  }

  #write(program: Program, address: number): void {
    this.#text.write(address, program.relocated(address));
    if (this.#live.length > 0)
      this.#live.set(liveRegisters(program), (address - this.#text.base) >> 2);
  }
}

function goesThrough({ calls }: RoutineChain, { program }: InstalledProgram): boolean {
  return calls.some(({ routine }) => routine.program === program);
}
