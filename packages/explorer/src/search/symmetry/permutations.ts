import {
  DecisionKind,
  decisionKind,
  decisionX,
  decisionY,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';

/** Decisions whose second operand is a thread. */
const NAMES_THREAD: ReadonlySet<number> = new Set([
  DecisionKind.Preempt,
  DecisionKind.Migrate,
  DecisionKind.SpuriousWake,
  DecisionKind.SingleStep,
]);

/** All ways to put interchangeable threads into each other's places; the first leaves all where they are. */
export class Permutations {
  /** How many there are. */
  readonly count: number;
  /** How many threads there are, others included. */
  readonly threads: number;
  /** Threads that can be put into each other's places, group by group. */
  readonly groups: readonly (readonly number[])[];
  /** The place of thread t by permutation p, at p * threads + t. */
  readonly places: Int32Array;

  /**
   * @param groups disjoint, of threads below `threads`
   * @param threads how many there are
   */
  constructor(groups: readonly (readonly number[])[], threads: number) {
    this.groups = groups;
    this.threads = threads;
    let all: number[][] = [Array.from({ length: threads }, (_, thread) => thread)];
    for (const group of groups) {
      const orders = ordersOf(group);
      all = all.flatMap((places) =>
        orders.map((order) => {
          const next = [...places];
          group.forEach((thread, i) => (next[thread] = order[i]!));
          return next;
        }),
      );
    }
    this.count = all.length;
    this.places = Int32Array.from(all.flat());
  }

  /** The thread into whose place a thread comes; -1, which is none, stays none. */
  place(permutation: number, thread: number): number {
    return thread < 0 ? thread : this.places[permutation * this.threads + thread]!;
  }

  /** Threads, as bits, in the places that they come into. */
  bits(permutation: number, threads: number): number {
    let bits = 0;
    for (let thread = 0; thread < this.threads; thread++)
      bits |= ((threads >>> thread) & 1) << this.place(permutation, thread);
    return bits;
  }

  /** A decision about the threads in whose places others come; what is below 0, no decision, stays as it is. */
  decision(permutation: number, decision: number): number {
    if (decision < 0) return decision;
    const one = decision as Decision;
    const kind = decisionKind(one) as DecisionKind;
    if (!NAMES_THREAD.has(kind)) return decision;
    return encodeDecision(kind, decisionX(one), this.place(permutation, decisionY(one)));
  }
}

/** All orders of some numbers, first the one that they have. */
function ordersOf(numbers: readonly number[]): number[][] {
  if (numbers.length < 2) return [[...numbers]];
  return numbers.flatMap((first, at) =>
    ordersOf(numbers.filter((_, i) => i !== at)).map((rest) => [first, ...rest]),
  );
}
