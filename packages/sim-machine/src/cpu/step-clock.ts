/** What counts down while a thread executes. */
export interface StepBudget {
  /** Instructions that may still be executed; may go below zero. */
  readonly left: number;
}

/**
 * Keeps the clock of the CPU that executes a step up to date inside the step.
 *
 * Executors count instructions in the budget that is left; a clock that was moved only when a step
 * ends would be wrong by the length of the step wherever the kernel looks at it. So whoever enters
 * the kernel brings it up to date first.
 */
export class StepClock {
  readonly #cycles: Float64Array;
  readonly #budget: StepBudget;
  readonly #cyclesPerInstruction: number;
  #cpu = 0;
  #counted = 0;

  /**
   * @param cycles the clock of every CPU
   * @param cyclesPerInstruction what an instruction costs, besides its memory access
   */
  constructor(cycles: Float64Array, budget: StepBudget, cyclesPerInstruction: number) {
    this.#cycles = cycles;
    this.#budget = budget;
    this.#cyclesPerInstruction = cyclesPerInstruction;
  }

  /** A step begins on a CPU, with the budget it is about to be given. */
  begin(cpu: number, budget: number): void {
    this.#cpu = cpu;
    this.#counted = budget;
  }

  /** Charges what was executed since the last call, within the step and at its end. */
  advance(): void {
    const executed = this.#counted - this.#budget.left;
    this.#counted = this.#budget.left;
    this.#cycles[this.#cpu]! += executed * this.#cyclesPerInstruction;
  }
}
