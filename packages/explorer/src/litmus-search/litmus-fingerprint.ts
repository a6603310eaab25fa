import type { Machine } from '@rseqlab/sim-machine';
import type { StateFingerprint } from '../search/exhaustive-director.js';
import type { DecisionReduction } from './litmus-director.js';

const LOW_PRIME = 0x9e3779b1;
const HIGH_PRIME = 0x85ebca6b;

/**
 * The state of a machine that runs a litmus test, with the registers of the threads that have ended
 * and what the reduction remembers: nothing else of a path can show in a final state, so paths that
 * agree in it are one.
 */
export class LitmusFingerprint implements StateFingerprint {
  low = 0;
  high = 0;
  readonly #machine: Machine;
  readonly #captured: Int32Array;
  readonly #reduction: Pick<DecisionReduction, 'held'>;

  /** @param captured - what ended threads have left, changed in place while tests run */
  constructor(
    machine: Machine,
    captured: Int32Array,
    reduction: Pick<DecisionReduction, 'held'> = {},
  ) {
    this.#machine = machine;
    this.#captured = captured;
    this.#reduction = reduction;
  }

  compute(): void {
    this.#machine.fingerprint(this);
    let low = this.low ^ (this.#reduction.held ?? 0);
    let high = this.high;
    for (let i = 0; i < this.#captured.length; i++) {
      const word = this.#captured[i]!;
      low = Math.imul(low ^ word, LOW_PRIME);
      low ^= low >>> 15;
      high = Math.imul(high + word, HIGH_PRIME) ^ (high >>> 13);
    }
    this.low = low;
    this.high = high;
  }
}
