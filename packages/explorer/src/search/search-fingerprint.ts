import type { Machine } from '@rseqlab/sim-machine';
import type { ClassTracker } from './class-tracker.js';
import type { StateFingerprint } from './exhaustive-director.js';

/**
 * A state together with the class of the path to it: two paths are one only where both agree, so
 * that every class is met.
 */
export class SearchFingerprint implements StateFingerprint {
  low = 0;
  high = 0;
  readonly #machine: Machine;
  readonly #classes: ClassTracker | undefined;

  /** @param classes undefined where states alone are told apart */
  constructor(machine: Machine, classes?: ClassTracker) {
    this.#machine = machine;
    this.#classes = classes;
  }

  compute(): void {
    this.#machine.fingerprint(this);
    if (this.#classes === undefined) return;
    this.#classes.compute();
    this.low = (this.low + Math.imul(this.#classes.low, 0x9e3779b1)) | 0;
    this.high = (this.high + Math.imul(this.#classes.high, 0x85ebca6b)) | 0;
  }
}
