import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuFlavour } from '../rcu-flavour.js';
import { UrcuError } from '../urcu-error.js';
import { cpuOf } from './rcu-token.js';
import type { RcuToken } from './rcu-token.js';

/** What flavours have in common whose readers count by CPU: threads need not be known. */
export abstract class PerCpuFlavour implements RcuFlavour {
  abstract readonly name: string;

  /** See {@link RcuFlavour.readLock}. */
  abstract readLock(t: Thread): Operation<RcuToken>;

  /** See {@link RcuFlavour.readUnlock}. */
  abstract readUnlock(t: Thread, token: RcuToken): Operation<void>;

  /** See {@link RcuFlavour.synchronize}. */
  abstract synchronize(t: Thread): Operation<void>;

  /** Nothing: readers of this flavour need not be known. */
  *registerThread(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing. */
  *unregisterThread(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *quiescentState(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOffline(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOnline(_t: Thread): Operation<void> {
    // As said.
  }
}

/** Refuses what can be no token for CPUs below `cpus`. @throws UrcuError `ERR_TOKEN` */
export function checkToken(token: RcuToken, cpus: number): void {
  if (!Number.isInteger(token) || token < 0 || cpuOf(token) >= cpus)
    throw new UrcuError(
      'ERR_TOKEN',
      `expected the token of a read lock (a CPU below ${cpus}), got ${String(token)}`,
    );
}
