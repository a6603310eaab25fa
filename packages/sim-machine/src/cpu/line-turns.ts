import { MachineError } from '../base/machine-error.js';

/** Lines whose turns are remembered at once. */
const DEFAULT_CAPACITY_LINES = 4096;

/** Spreads consecutive numbers. @source Knuth, TAOCP 3, 6.4: 2^32 divided by the golden ratio */
const GOLDEN = 0x9e3779b1;

/**
 * Who waits for whom when several CPUs want one cache line: it goes to one of them at a time.
 *
 * A line is *taken* from the moment at which it sets out for a CPU that has to be the only one that has
 * it, until that CPU is done with the access; whoever else wants it meanwhile is served behind, in the
 * order of the requests. So each of n CPUs that add to one word waits for the n - 1 others, and together
 * they are no faster than one transfer after the other. A line that many have is read by all at once.
 *
 * Remembered is the last stretch of time in which a line was taken without a gap. Clocks of CPUs may be
 * apart by what a director lets one run ahead: who asks in front of that stretch, by its clock, was there
 * before, and waits for nobody.
 *
 * Lines that collide in the table are forgotten, as free.
 *
 * @source Sorin, Hill, Wood, "A Primer on Memory Consistency and Cache Coherence", 2nd ed., 8 (a directory
 *   serves one request for a block at a time); Intel SDM volume 3A, 9.1.4 (a locked operation keeps its line)
 */
export class LineTurns {
  readonly #lines: Int32Array;
  readonly #runs: Int32Array;
  readonly #from: Float64Array;
  readonly #until: Float64Array;
  readonly #shift: number;
  #run = 1;

  /**
   * @param capacityLines a power of two, 2 to 2^22
   * @throws MachineError ERR_CONFIG for another capacity
   */
  constructor(capacityLines: number = DEFAULT_CAPACITY_LINES) {
    const bits = Math.log2(capacityLines);
    if (!Number.isInteger(bits) || bits < 1 || bits > 22)
      throw new MachineError(
        'ERR_CONFIG',
        `expected a power of two from 2 to 4194304 as number of cache lines, got ${capacityLines}`,
      );
    this.#lines = new Int32Array(capacityLines);
    this.#runs = new Int32Array(capacityLines);
    this.#from = new Float64Array(capacityLines);
    this.#until = new Float64Array(capacityLines);
    this.#shift = 32 - bits;
  }

  /** All lines are free; O(1). */
  reset(): void {
    this.#run = (this.#run + 1) | 0;
  }

  /**
   * A CPU asks for a line that it does not have as it needs it.
   *
   * @param line physical address >>> 6
   * @param nowCycles the CPU's clock
   * @param transferCycles what it takes to bring the line
   * @param heldCycles what the CPU then does with it before another can have it
   * @param takes whether the CPU has to be the only one that has it, or takes it from the one that had
   * @returns cycles until it is the CPU's turn
   */
  waitCycles(
    line: number,
    nowCycles: number,
    transferCycles: number,
    heldCycles: number,
    takes: boolean,
  ): number {
    const slot = Math.imul(line, GOLDEN) >>> this.#shift;
    const isKnown = this.#lines[slot] === line && this.#runs[slot] === this.#run;
    const until = isKnown ? this.#until[slot]! : -Infinity;
    const end = nowCycles + transferCycles + heldCycles;
    if (nowCycles >= until) {
      if (takes) {
        this.#lines[slot] = line;
        this.#runs[slot] = this.#run;
        this.#from[slot] = nowCycles;
        this.#until[slot] = end;
      }
      return 0;
    }
    if (end <= this.#from[slot]!) return 0;
    const waited = until - nowCycles;
    if (takes) this.#until[slot] = end + waited;
    return waited;
  }
}
