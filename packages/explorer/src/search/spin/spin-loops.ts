import {
  CombinedShadow,
  DecisionKind,
  NO_DECISION,
  OperationKind,
  createPendingOperation,
  decisionKind,
  decisionX,
} from '@rseqlab/sim-machine';
import type {
  Decision,
  DecisionPoint,
  LookAhead,
  Machine,
  ShadowObserver,
} from '@rseqlab/sim-machine';
import type { Guards } from './guards.js';
import { KnownRounds } from './known-rounds.js';
import { ReadMasks, isUntold } from './read-masks.js';
import { ReadWindows, isWord } from './read-windows.js';
import type { WindowRead } from './read-windows.js';
import { SpinLook } from './spin-look.js';
import type { LookEnd, Settled } from './spin-look.js';
import { threadPlace } from './thread-place.js';
import { YieldingThreads } from './yielding-threads.js';

/** Stands for none of the answers to a question. */
const NO_ANSWER = -1;

const NONE: readonly WindowRead[] = [];

/** How closely threads are watched: not, not yet though the run at hand showed that they have to be, or closely. */
const Watch = { Asleep: 0, Waking: 1, Awake: 2 } as const;
type Watch = (typeof Watch)[keyof typeof Watch];

/** What is known of a thread where it is. */
const Verdict = { Free: 0, Held: 1, Suspect: 2, Stale: 3 } as const;
type Verdict = (typeof Verdict)[keyof typeof Verdict];

/**
 * Recognises threads that spin: that read the same again and again, and will for as long as nobody
 * changes it.
 *
 * A thread is a suspect where it is about to read what it has read since it last changed anything, and
 * which is as it was. What a program in TypeScript has in its variables nobody sees; so the thread
 * goes on alone, for a thousand rounds, in a run that is thrown away ({@link SpinLook}). If it read nothing
 * else, and what it has is the same a round later, it spins: from then on it is held back there, as in front of an await, until a word that it
 * read in the round has changed. Where instructions loop, one round shows it: they are where they were. One that lets
 * others go first in its round is held back where these only go round as well ({@link YieldingThreads}).
 *
 * What comes out depends on the thread's past and on what it read, not on what was searched before.
 *
 * It costs time with every access and every decision. So nothing is done but to see whether there may be a suspect
 * ({@link ReadMasks}) until there may: that run is made again, and from then on all is seen.
 */
export class SpinLoops {
  /** Whether the run only serves to look at a thread, from here on, instead of what the director wants. */
  isProbing = false;
  /** Whether other values than it would read are pretended to a thread, in the runs that follow. */
  isTrying = false;
  readonly #machine: Machine;
  readonly #ahead: LookAhead;
  readonly #masks: ReadMasks;
  readonly #windows: ReadWindows;
  readonly #verdicts: Uint8Array;
  readonly #look: SpinLook;
  readonly #yielding: YieldingThreads;
  #known = new KnownRounds();
  readonly #pending = createPendingOperation();
  readonly #mayBeStale: boolean;
  #state: Watch = Watch.Asleep;
  #other: ShadowObserver | undefined;

  /** @param mayBeStale - whether loads may read what is not in memory any more */
  constructor(machine: Machine, mayBeStale: boolean) {
    this.#machine = machine;
    this.#ahead = machine.ahead;
    this.#mayBeStale = mayBeStale;
    this.#masks = new ReadMasks(machine);
    this.#windows = new ReadWindows(machine, mayBeStale);
    this.#verdicts = new Uint8Array(machine.threads.capacity);
    this.#look = new SpinLook(machine, this.#windows, mayBeStale);
    this.#yielding = new YieldingThreads(
      machine,
      this.#windows,
      (thread, round) => !mayBeStale || this.#areNewest(thread, 0, round),
    );
    this.#learn();
    this.listen();
  }

  /** Listens to the machine's accesses from now on, beside another observer. */
  listen(other?: ShadowObserver): void {
    this.#other = other;
    const own = this.#state === Watch.Awake ? this.#windows : this.#masks;
    this.#machine.attach({ shadow: other === undefined ? own : new CombinedShadow(own, other) });
  }

  /** Watches threads closely from the next run on. */
  wake(): void {
    if (this.#state === Watch.Awake) return;
    this.#state = Watch.Awake;
    this.listen(this.#other);
    this.#ahead.holdBack((thread) => this.holds(thread));
  }

  /** Whether any loop was found. */
  get hasFound(): boolean {
    return this.#known.places > 0;
  }

  /** Whether a loop was found in a program in TypeScript: its thread never is where it was, as far as can be seen. */
  get hasFoundLoop(): boolean {
    return this.#look.hasFoundLoop;
  }

  /** Knows the loops that others know, from now on. */
  share(known: KnownRounds): void {
    this.#known = known;
    this.#learn();
  }

  /** The loops that are known. */
  get knowledge(): KnownRounds {
    return this.#known;
  }

  /** How many places were found where a thread spins. */
  get places(): number {
    return this.#known.places;
  }

  /** Whether a thread spins until a word changes that has not. */
  holds(thread: number): boolean {
    if (this.#state !== Watch.Awake) return false;
    if (this.#verdictOf(thread) === Verdict.Held) return true;
    return this.#known.hasYields && this.#yielding.isQueuedInVain(thread);
  }

  /**
   * Whether it leads nowhere to let a thread have a CPU: it would only go round, while another one could go on.
   *
   * @param answer - to which of `count` threads has the CPU next
   */
  isInVain(cpu: number, answer: number, count: number): boolean {
    if (this.#state !== Watch.Awake || !this.#known.hasYields) return false;
    return this.#yielding.isInVain(cpu, answer, count);
  }

  /**
   * Which of the answers to what a step may read is left out: under the weak model a thread that spins may read what
   * is old for ever, but a round like the last, write for write, leads nowhere else.
   *
   * @returns the answer, or -1 for none
   */
  leftOut(decision: Decision, point: DecisionPoint): number {
    const isWatching = this.#mayBeStale || this.#known.hasYields;
    if (!isWatching || this.#state !== Watch.Awake) return NO_ANSWER;
    if (decisionKind(decision) !== DecisionKind.Step) return NO_ANSWER;
    const thread = point.currentOn(decisionX(decision));
    // Looked at in any case: it may be in a round from here on.
    if (thread < 0 || this.#verdictOf(thread) !== Verdict.Stale) return NO_ANSWER;
    const { length } = this.#known.at(this.#placeOf(thread));
    return this.#windows.last(thread, length - 1).newer;
  }

  /** Whether a thread has to be looked at before anything is decided; begins with that if so. */
  begins(point: DecisionPoint): boolean {
    if (this.#state !== Watch.Awake) return this.#wakesUp(point);
    for (const cpu of point.possibleCpus) {
      const thread = point.currentOn(cpu);
      if (thread < 0 || this.#verdictOf(thread) !== Verdict.Suspect) continue;
      this.#look.begin(thread, cpu, this.#placeOf(thread));
      return this.#probes();
    }
    return false;
  }

  /** Whether a run that repeats another is where something is pretended to a thread; begins with that if so. */
  tries(point: DecisionPoint): boolean {
    return this.#look.isDue(point) && this.#probes();
  }

  /** The next step of the thread that is looked at, or NO_DECISION where enough is known. */
  goOn(point: DecisionPoint): Decision {
    return this.#state === Watch.Awake ? this.#look.goOn(point) : NO_DECISION;
  }

  /** A run is over in which threads were looked at: whether it is what the director wanted all the same. */
  settle(end: LookEnd): Settled {
    this.isProbing = false;
    this.#learn();
    if (this.#state === Watch.Waking) {
      this.wake();
      return 'again';
    }
    const settled = this.#look.settle(end, this.#known);
    this.isTrying = this.#look.isTrying;
    return settled;
  }

  /** From here on, what is done in the run at hand is not to be learned from. */
  #probes(): true {
    this.#windows.values = undefined;
    return (this.isProbing = true);
  }

  #learn(): void {
    this.#windows.values = this.#known.values;
  }

  /** By what it is decided whether a thread can step now, and where that leads; undefined where it is by nothing. */
  guards(thread: number): Guards | undefined {
    if (this.#known.places === 0) return undefined;
    const place = this.#placeOf(thread);
    const { length } = this.#known.at(place);
    if (length === 0)
      return this.#known.hasYields ? this.#yielding.guardsOfCall(thread) : undefined;
    const reads = this.#yielding.lastReads(thread, length);
    if (!this.#known.yieldsAt(place)) return { reads, decideStep: true };
    return this.#yielding.guardsOfRound(thread, reads);
  }

  /** The reads of the round that a thread which is held back goes through. */
  roundOf(thread: number): readonly WindowRead[] {
    if (!this.holds(thread)) return NONE;
    const round = this.#known.at(this.#placeOf(thread));
    // One that queues for its CPU is in the middle of a round.
    return round.length > 0 ? round : this.#yielding.readsOf([thread]);
  }

  #wakesUp(point: DecisionPoint): boolean {
    if (!this.#masks.mayFind(point)) return false;
    this.#state = Watch.Waking;
    return (this.isProbing = true);
  }

  #verdictOf(thread: number): Verdict {
    const { changed } = this.#windows;
    // Where a round lets others go first, what they read decides as well.
    if (changed[thread] === 1 || this.#known.hasYields) {
      changed[thread] = 0;
      this.#verdicts[thread] = this.#judge(thread);
    }
    return this.#verdicts[thread] as Verdict;
  }

  #judge(thread: number): Verdict {
    const windows = this.#windows;
    const fresh = windows.freshOf(thread);
    if (fresh === 0) return Verdict.Free;
    const { kind, address, size } = this.#ahead.operation(thread, this.#pending);
    if (isUntold(kind)) windows.changed[thread] = 1;
    if (kind !== OperationKind.Load && kind !== OperationKind.Atomic) return Verdict.Free;
    if (!windows.has(thread, address, size)) return Verdict.Free;
    const place = this.#placeOf(thread);
    const round = this.#known.at(place);
    if (round.length === 0)
      return fresh > this.#known.readsSeen(place) ? Verdict.Suspect : Verdict.Free;
    if (fresh < round.length) return Verdict.Free;
    const isOutdated = this.#known.isOutdated(place);
    if (!this.#mayBeStale || this.#areNewest(thread, 0, round.length)) {
      const isPolite = this.#known.yieldsAt(place);
      if (isPolite) this.#windows.loops[thread] = round.length;
      if (isOutdated) return Verdict.Suspect;
      if (!isPolite) return Verdict.Held;
      return this.#yielding.leadsNowhere(thread) ? Verdict.Held : Verdict.Free;
    }
    if (isOutdated) return Verdict.Suspect;
    return kind === OperationKind.Load && this.#wouldRepeat(thread, round.length)
      ? Verdict.Stale
      : Verdict.Free;
  }

  /** Whether a thread's last reads are of the newest writes there are; those from one to another, 0 for the last. */
  #areNewest(thread: number, from: number, end: number): boolean {
    for (let n = from; n < end; n++) {
      const { physical, size, value, newer } = this.#windows.last(thread, n);
      if (newer > 0 || (isWord(physical, size) && this.#machine.wordAt(physical) !== value))
        return false;
    }
    return true;
  }

  /**
   * Whether a thread that reads again what it has read there a round before, though there is something newer, goes
   * through the same round again: nothing that is left of it can be read anew.
   */
  #wouldRepeat(thread: number, round: number): boolean {
    const { physical, size, newer } = this.#windows.last(thread, round - 1);
    if (newer === 0 || physical >> 2 !== (physical + size - 1) >> 2) return false;
    return this.#areNewest(thread, this.#windows.repeated(thread, round), round - 1);
  }

  #placeOf(thread: number): string {
    return threadPlace(this.#machine, this.#windows, thread);
  }
}
