import type { Operation, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';

/** What is done with a head after a grace period; by a worker thread, outside of read sections. */
export type DeferredCallback = (t: Thread, head: number) => Operation<void>;

/** Number of a callback: what stands for the address of a function in simulated memory. */
export type CallbackId = number & { readonly brand: 'CallbackId' };

/**
 * The functions that a program defers, by number.
 *
 * A program's code, not its state: fill it in before the threads start.
 */
export class DeferredCallbacks {
  readonly #callbacks: DeferredCallback[] = [];

  /** Gives a function a number, from 1. */
  define(callback: DeferredCallback): CallbackId {
    return this.#callbacks.push(callback) as CallbackId;
  }

  /**
   * The function with a number.
   *
   * @throws UrcuError `ERR_CALLBACK` when there is none: not defined, or the head was overwritten
   */
  at(id: number): DeferredCallback {
    const callback = this.#callbacks[id - 1];
    if (callback === undefined)
      throw new UrcuError(
        'ERR_CALLBACK',
        `expected the number of a callback that was defined (1 to ${this.#callbacks.length}), got ${id}`,
      );
    return callback;
  }
}
