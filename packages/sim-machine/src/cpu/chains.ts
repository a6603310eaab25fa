import type { InstalledPrograms } from './installed-programs.js';
import type { ChainCall, RoutineChain } from './routine-chain.js';
import type { Routine } from './routine.js';

/** Where libraries get chains of a machine from. */
export class Chains {
  /** The routine of `Thread.load`, for chains in which a word is loaded: r1 is the address, r0 the word. */
  readonly load: Routine;
  readonly #programs: InstalledPrograms;

  /** Made by the machine. @internal */
  constructor(programs: InstalledPrograms, load: Routine) {
    this.#programs = programs;
    this.load = load;
  }

  /**
   * The chain of some calls; the same object for the same calls.
   *
   * @param inputs how many values the calls compute with that are set before each time
   */
  of(calls: readonly ChainCall[], inputs: number): RoutineChain {
    return this.#programs.chain(calls, inputs);
  }
}
