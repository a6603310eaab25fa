import {
  DecisionKind,
  NO_DECISION,
  SeededDraw,
  decisionKind,
  decisionX,
  encodeDecision,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type {
  ChoiceKind,
  Decision,
  DecisionPoint,
  Director,
  Granularity,
  SchedulingMode,
} from '@rseqlab/sim-machine';

/** Steps that a CPU makes in a row at most; one of them for each execution. */
const BURSTS = [1, 2, 8, 32] as const;

/** A kernel event comes with one of so many decisions, where it may come. */
const EVENT_RATES = [8, 24, 96] as const;

/** A CPU is held up with one of so many decisions. */
const HOLD_RATES = [60, 200, 1_000] as const;

/** Most decisions that a CPU is held up for. */
const LONGEST_HOLD = 400;

/** A process is killed with one of so many of the kernel events that would. */
const KILL_RATE = 24;

/**
 * Draws executions of a torture from a seed.
 *
 * A schedule that is drawn uniformly has all CPUs go on equally fast, so that what takes long beside what
 * takes little is never seen. Here CPUs run in bursts, one is held up at times as a virtual CPU is by its
 * host, stores may stay in their buffers, and kernel events come each as often as the others, whatever the
 * number of threads that they may hit. How often is drawn for each execution.
 */
export class TortureDirector implements Director {
  readonly name = 'torture';
  readonly scheduling: SchedulingMode = 'free';
  readonly granularity: Granularity = 'access';
  readonly #draw: SeededDraw;
  readonly #possible: Decision[] = [];
  readonly #burst: number;
  readonly #eventRate: number;
  readonly #holdRate: number;
  readonly #drainsLate: boolean;
  readonly #readsOld: boolean;
  #held = -1;
  #heldFor = 0;

  /** @param seed a 32-bit integer */
  constructor(seed: number) {
    this.#draw = new SeededDraw(seed);
    this.#burst = this.#one(BURSTS);
    this.#eventRate = this.#one(EVENT_RATES);
    this.#holdRate = this.#one(HOLD_RATES);
    this.#drainsLate = this.#draw.below(2) === 0;
    this.#readsOld = this.#draw.below(2) === 0;
  }

  decide(point: DecisionPoint): Decision {
    const possible = this.#possible;
    const count = point.enumerate(possible);
    if (count === 0) return NO_DECISION;
    const progress = progressCount(possible, count);
    // A wake-up for no reason would hide that the right one was lost.
    if (progress === 0 && point.isDeadlocked()) return NO_DECISION;
    if (progress === 0 || (count > progress && this.#draw.below(this.#eventRate) === 0)) {
      const event = this.#event(progress, count);
      if (event !== NO_DECISION) return event;
      if (progress === 0) return this.#rescheduling(count);
    }
    return this.#step(point, progress);
  }

  choose(_kind: ChoiceKind, count: number): number {
    if (!this.#readsOld && this.#draw.below(4) !== 0) return 0;
    return this.#draw.below(count);
  }

  #step(point: DecisionPoint, progress: number): Decision {
    const drawn = this.#progress(point, progress);
    if (decisionKind(drawn) !== DecisionKind.Step || this.#burst === 1) return drawn;
    return encodeDecision(DecisionKind.Step, decisionX(drawn), 1 + this.#draw.below(this.#burst));
  }

  /** What goes on next; the CPU that is held up does where nothing else can. */
  #progress(point: DecisionPoint, progress: number): Decision {
    if (this.#heldFor > 0) this.#heldFor -= 1;
    else if (this.#draw.below(this.#holdRate) === 0) {
      this.#held = this.#one(point.possibleCpus);
      this.#heldFor = this.#draw.below(LONGEST_HOLD);
    }
    const first = this.#draw.below(progress);
    for (let n = 0; n < progress; n++) {
      const decision = this.#possible[(first + n) % progress]!;
      const kind = decisionKind(decision);
      const isDrain = kind === DecisionKind.Drain;
      if (this.#heldFor > 0 && (kind === DecisionKind.Step || isDrain))
        if (decisionX(decision) === this.#held) continue;
      if (isDrain && this.#drainsLate && this.#draw.below(8) !== 0) continue;
      return decision;
    }
    return this.#possible[first]!;
  }

  /** A kernel event: first of which kind, then which. */
  #event(progress: number, count: number): Decision {
    let kinds = 0;
    for (let n = progress; n < count; n++) kinds |= 1 << decisionKind(this.#possible[n]!);
    let left = this.#draw.below(bitCount(kinds));
    let kind = 31 - Math.clz32(kinds);
    for (; left > 0; left--) {
      kinds ^= 1 << kind;
      kind = 31 - Math.clz32(kinds);
    }
    if (kind === DecisionKind.Kill && this.#draw.below(KILL_RATE) !== 0) return NO_DECISION;
    const first = this.#draw.below(count - progress);
    for (let n = 0; ; n++) {
      const decision = this.#possible[progress + ((first + n) % (count - progress))]!;
      if (decisionKind(decision) === kind) return decision;
    }
  }

  /** Where all that can go on waits in a queue: whoever gets it a CPU. */
  #rescheduling(count: number): Decision {
    const first = this.#draw.below(count);
    for (let n = 0; n < count; n++) {
      const decision = this.#possible[(first + n) % count]!;
      if (decisionKind(decision) !== DecisionKind.Kill) return decision;
    }
    return NO_DECISION;
  }

  #one<Value>(values: readonly Value[]): Value {
    return values[this.#draw.below(values.length)]!;
  }
}

/** How many of the decisions are the machine's own; kernel events come behind them. */
function progressCount(possible: readonly Decision[], count: number): number {
  let progress = 0;
  while (progress < count && !isKernelEvent(possible[progress]!)) progress += 1;
  return progress;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}
