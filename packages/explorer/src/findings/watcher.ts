import type { Machine } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import type { Lab } from '../lab.js';
import type { Detection } from './detection.js';
import { blockPlaces, hexadecimal, shadowFinding } from './shadow-findings.js';
import { Synchronisation } from './synchronisation.js';

/** Stands for the scenario's setup where shadow state asks for a thread. */
const SETUP = -1;

/**
 * Turns what shadow state finds on a machine into findings, in the order in which it happens.
 *
 * The instructions of restartable sequences are marked: where two of them meet, one is restarted.
 */
export class Watcher {
  readonly #machine: Machine;
  readonly #watchesRaces: boolean;
  readonly #watchesMemory: boolean;
  readonly #watchesLeaks: boolean;
  readonly #synchronisation: Synchronisation | undefined;
  #races = 0;
  #allocations = 0;

  /** @param detect - what to look for; undefined for whatever the machine keeps shadow state for */
  constructor(machine: Machine, detect: readonly Detection[] | undefined) {
    this.#machine = machine;
    const races = machine.shadow?.races;
    this.#watchesRaces = detect?.includes('races') ?? true;
    this.#watchesMemory = detect === undefined || detect.some((what) => what !== 'races');
    this.#watchesLeaks = detect?.includes('leaks') ?? false;
    this.#synchronisation = races && new Synchronisation(machine, races);
  }

  /** A run begins; nothing is set up yet. */
  reset(): void {
    this.#races = 0;
    this.#allocations = 0;
    this.#synchronisation?.reset();
    this.#machine.shadow?.races?.marks.clear();
  }

  /** The run is set up: its programs are installed. */
  begin(): void {
    const marks = this.#machine.shadow?.races?.marks;
    if (marks === undefined) return;
    for (const { program, address } of this.#machine.programs)
      for (const { start, postCommit } of program.sections)
        marks.markInstructions(address + start, postCommit - start);
  }

  /** The next that was found, or undefined. */
  next(): Finding | undefined {
    const { shadow } = this.#machine;
    const race = this.#watchesRaces ? shadow?.races?.findings[this.#races] : undefined;
    const misused = this.#watchesMemory
      ? shadow?.allocations?.findings[this.#allocations]
      : undefined;
    if (misused !== undefined) {
      this.#allocations += 1;
      return shadowFinding(this.#machine, misused);
    }
    if (race === undefined) return undefined;
    this.#races += 1;
    return shadowFinding(this.#machine, race);
  }

  /** Every thread has ended: says what was never given back. */
  end(lab: Lab): void {
    if (!this.#watchesLeaks || !lab.hasHeap) return;
    for (const { address, bytes } of lab.heap.blocks) {
      const block = this.#machine.shadow?.allocations?.blockAt(SETUP, address);
      lab.report({
        kind: 'leak',
        message: `expected every block to be freed, got one of ${bytes} bytes at ${hexadecimal(address)} that never was`,
        places: blockPlaces(block),
      });
    }
  }
}
