import type { FindingKind, Scenario } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';

/** A bug that an implementation of RCU once had, as a change of this one. */
export interface KnownBug {
  readonly name: string;
  /** Where it happened. */
  readonly happenedIn: string;
  /** The weakest model that suffices to see it: the first of sc, tso, weak. */
  readonly model: MemoryModelName;
  /** The least number of kernel events with which it can be seen. */
  readonly kernelEvents: number;
  /** What it looks like. */
  readonly finding: { readonly kind: FindingKind; readonly message: RegExp };
  /** The program with the bug, or its correct twin. */
  scenario(isBroken: boolean): Scenario;
}
