import {
  ChoiceKind,
  DecisionKind,
  NO_DECISION,
  REGISTER_STRIDE,
  RegisterFile,
  ThreadState,
  decisionKind,
  decisionX,
  decisionY,
  encodeDecision,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director, Machine } from '@rseqlab/sim-machine';
import { FairTurns } from './fair-turns.js';

/** Threads that a mask can hold. */
const MOST_THREADS = 31;

/** A part of a list of decisions that leads from a state to the same state. */
export interface Lap {
  /** Index of its first decision. */
  readonly start: number;
  /** How many decisions it has. */
  readonly length: number;
  /** Whether programs begin operations in it: what these have in their variables is not in the state. */
  readonly isOfPrograms: boolean;
}

/** What could happen at a point, and what did. */
interface Moment {
  /** Threads that could step, as bits. */
  readonly able: number;
  /** CPUs with buffered stores, as bits. */
  readonly buffering: number;
  /** The thread that stepped, as a bit, or 0. */
  readonly stepped: number;
  /** The CPU whose store became visible, as a bit, or 0. */
  readonly drained: number;
  /** Operations that all programs have begun before. */
  readonly operations: number;
}

/**
 * Repeats a list of decisions, and looks for a lap in it: the machine comes back to a state, by what
 * threads did themselves, and whoever could go on all the while did.
 *
 * What programs in TypeScript have in their variables is in no state. So a lap that was found is told to
 * be gone round again, as long as it leads to the same state.
 */
export class LapDirector implements Director {
  readonly name = 'lap';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** The lap that was found, or is gone round. */
  lap: Lap | undefined;
  /** How often the lap has been gone round after it was found. */
  rounds = 0;
  readonly #machine: Machine;
  readonly #print = { low: 0, high: 0 };
  /** Where a lap ends in which somebody is kept waiting, if any was seen, and how long it is. */
  unfair: Lap | undefined;
  readonly #turns = new FairTurns();
  #script: number[] = [];
  #given = 0;
  #passedOver = 0;
  #passed = 0;
  #most = 0;
  #position = 0;
  #goesRound = false;
  /** Indexes of states by their prints, since the last kernel event. */
  readonly #seen = new Map<string, number>();
  /** Operations that all programs have begun. */
  #operations = 0;
  #moments: Moment[] = [];
  /** Index of the decision that the first of the moments is of. */
  #indexes: number[] = [];
  #lapPrint = '';
  readonly #lapThreads: number[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** What was decided so far, by the list or in turn. */
  get decisions(): Uint32Array {
    return Uint32Array.from(this.#script);
  }

  /**
   * Looks for a lap among the decisions of a list, and so many that follow them, in turn.
   *
   * @param passedOver - how many laps are not it, since going round them led elsewhere
   */
  lookAt(script: ArrayLike<number>, more = 0, passedOver = 0): void {
    this.#passedOver = passedOver;
    this.#script = Array.from(script);
    this.#given = script.length;
    this.#most = script.length + more;
    this.lap = undefined;
    this.unfair = undefined;
    this.#goesRound = false;
  }

  /** From now on goes round the lap that was found. */
  goRound(): void {
    this.#goesRound = true;
  }

  start(): void {
    if (!this.#goesRound) this.#script.length = this.#given;
    this.#turns.start();
    this.#passed = 0;
    this.#position = 0;
    this.rounds = 0;
    this.#seen.clear();
    this.#moments = [];
    this.#indexes = [];
  }

  decide(point: DecisionPoint): Decision {
    return this.#goesRound ? this.#again(point) : this.#look(point);
  }

  choose(kind: ChoiceKind): number {
    const isMade = this.#position === this.#script.length;
    if (isMade) this.#script.push(encodeDecision(DecisionKind.Choice, kind, 0));
    // Where a lap was not asked before, it leads elsewhere.
    if (decisionKind(this.#script[this.#position] as Decision) !== DecisionKind.Choice) return 0;
    return decisionY(this.#next() as Decision);
  }

  #look(point: DecisionPoint): Decision {
    const index = this.#position;
    const print = this.#printNow();
    const before = this.#seen.get(print);
    if (before !== undefined) {
      const start = this.#indexes[before]!;
      const isOfPrograms = this.#operations !== this.#moments[before]!.operations;
      const lap = { start, length: index - start, isOfPrograms };
      if (this.#isFair(before, start) && this.#passed++ === this.#passedOver) {
        this.lap = lap;
        this.#lapPrint = print;
        return NO_DECISION;
      }
      this.unfair ??= lap;
    }
    if (index >= this.#most) return NO_DECISION;
    if (index === this.#script.length) {
      const made = this.#turns.next(point);
      if (made === NO_DECISION) return NO_DECISION;
      this.#script.push(made);
    }
    const decision = this.#next() as Decision;
    if (isKernelEvent(decision)) {
      this.#seen.clear();
      this.#moments = [];
      this.#indexes = [];
      return decision;
    }
    // The first stays: what comes of the second lap may be another thing than of the first.
    if (before === undefined) this.#seen.set(print, this.#moments.length);
    this.#indexes.push(index);
    this.#moments.push(this.#momentOf(point, decision));
    return decision;
  }

  /** The next decision of the lap, or NO_DECISION where it does not lead where it did. */
  #again(point: DecisionPoint): Decision {
    const { start, length } = this.lap!;
    const end = start + length;
    if (this.#position === end) {
      if (this.#printNow() !== this.#lapPrint) return NO_DECISION;
      this.rounds += 1;
      this.#position = start;
    }
    const isFirst = this.rounds === 0;
    const index = this.#position;
    const decision = this.#next() as Decision;
    // A load under the weak model may find fewer writes in the next round: there is no question then.
    if (decisionKind(decision) === DecisionKind.Choice) return NO_DECISION;
    if (index < start || decisionKind(decision) !== DecisionKind.Step) return decision;
    const cpu = decisionX(decision);
    const thread = point.currentOn(cpu);
    if (isFirst) this.#lapThreads[index - start] = thread;
    const isSame = thread === this.#lapThreads[index - start] && point.canProgress(cpu);
    return isSame ? decision : NO_DECISION;
  }

  #next(): number | undefined {
    return this.#script[this.#position++];
  }

  #momentOf(point: DecisionPoint, decision: Decision): Moment {
    const { threads } = this.#machine;
    let able = 0;
    for (let thread = 0; thread < threads.highWater; thread++) {
      if (threads.state[thread] !== ThreadState.Runnable) continue;
      const cpu = threads.cpu[thread]!;
      if (point.currentOn(cpu) !== thread || point.canProgress(cpu)) able |= 1 << thread;
    }
    let buffering = 0;
    for (const cpu of point.possibleCpus)
      if (point.pendingStores(cpu) > 0) buffering |= 1 << (cpu % MOST_THREADS);
    // What devices would do does not wait for ever either.
    if (point.timers.earliest() >= 0 || point.pageIns.earliest() >= 0) able |= 1 << MOST_THREADS;
    const kind = decisionKind(decision);
    const cpu = decisionX(decision);
    return {
      able,
      buffering,
      operations: this.#operations,
      stepped: kind === DecisionKind.Step ? 1 << point.currentOn(cpu) : 0,
      drained: kind === DecisionKind.Drain ? 1 << (cpu % MOST_THREADS) : 0,
    };
  }

  /**
   * Whether nobody was kept waiting from a moment on who could have gone on all the while, and what was stored was seen.
   *
   * @param start - index of the decision that the moment is of
   */
  #isFair(first: number, start: number): boolean {
    if (this.#machine.threads.highWater > MOST_THREADS) return false;
    for (let index = start; index < this.#position; index++)
      if (isOldRead(this.#script[index] as Decision)) return false;
    let able = -1;
    let buffering = -1;
    let stepped = 0;
    let drained = 0;
    for (const moment of this.#moments.slice(first)) {
      able &= moment.able;
      buffering &= moment.buffering;
      stepped |= moment.stepped;
      drained |= moment.drained;
    }
    return stepped !== 0 && (able & ~stepped) === 0 && (buffering & ~drained) === 0;
  }

  /** The state of the machine but for what programs have received, and how many operations they began. */
  #printNow(): string {
    const { history, registers, highWater } = this.#machine.threads;
    const histories = history.slice(0, highWater * 2);
    history.fill(0, 0, highWater * 2);
    const operations: number[] = [];
    this.#operations = 0;
    for (let thread = 0; thread < highWater; thread++) {
      const at = thread * REGISTER_STRIDE + RegisterFile.Operations;
      operations.push(registers[at]!);
      this.#operations += registers[at]!;
      registers[at] = 0;
    }
    this.#machine.fingerprint(this.#print);
    history.set(histories);
    operations.forEach((count, thread) => {
      registers[thread * REGISTER_STRIDE + RegisterFile.Operations] = count;
    });
    return `${this.#print.low}:${this.#print.high}`;
  }
}

/** Whether a load takes a value that is not in memory any more: a store is not hidden from a CPU for ever. */
function isOldRead(decision: Decision): boolean {
  const isRead =
    decisionKind(decision) === DecisionKind.Choice && decisionX(decision) === ChoiceKind.Write;
  return isRead && decisionY(decision) > 0;
}
