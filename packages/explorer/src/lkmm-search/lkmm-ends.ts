import type { Finding } from '../finding.js';
import type { FinalState } from '../litmus/final-state.js';
import type { LkmmMisuse } from './lkmm-finding.js';
import type { LkmmKernel } from './lkmm-kernel.js';
import type { LkmmSeen } from './lkmm-seen.js';

/** Findings that an execution is of which cannot go on. */
const STUCK: ReadonlySet<Finding['kind']> = new Set<Finding['kind']>([
  'deadlock',
  'lost-wakeup',
  'unsatisfied-await',
]);

/** Collects what executions of a C test come to, one after the other. */
export class LkmmEnds {
  readonly #reached = new Map<string, FinalState>();
  /** By execution; most are empty, and are filled later. */
  readonly #misuses: (readonly LkmmMisuse[])[] = [];
  #last: LkmmKernel | undefined;

  /** An execution begins. */
  begin(kernel: LkmmKernel): void {
    this.#last = kernel;
    this.#misuses.push(kernel.misuses);
  }

  /** It has come to its end. */
  end(state: FinalState): void {
    this.#reached.set(state.join(' '), state);
  }

  /** What was seen, if a search ended with that finding: the last execution is the one that it is of. */
  seen(finding: Finding | undefined): LkmmSeen {
    return {
      reached: this.#reached,
      misuses: this.#misuses.flat(),
      deadlock: finding && STUCK.has(finding.kind) ? this.#last?.deadlock() : undefined,
    };
  }
}
