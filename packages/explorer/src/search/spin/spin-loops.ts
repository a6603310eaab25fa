import {
  CombinedShadow,
  DecisionKind,
  NO_DECISION,
  OperationKind,
  REGISTER_STRIDE,
  RegisterFile,
  createPendingOperation,
  decisionKind,
  decisionX,
} from '@rseqlab/sim-machine';
import type {
  Decision,
  DecisionPoint,
  LookAhead,
  Machine,
  RunResult,
  ShadowObserver,
} from '@rseqlab/sim-machine';
import { PRIME_A, PRIME_B, mix } from '../hash-mix.js';
import { ReadMasks } from './read-masks.js';
import { ReadWindows } from './read-windows.js';
import type { WindowRead } from './read-windows.js';
import { SpinProbe } from './spin-probe.js';

const GENERAL_REGISTERS = 16;

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
 * goes on alone, for a thousand rounds, in a run that is thrown away. If it read nothing
 * else, it spins: from then on it is held back there, as in front of an await, until a word that it
 * read in the round has changed. Where instructions loop, one round shows it: they are where they were.
 *
 * What comes out depends on the thread's past and on what it read, not on what was searched before.
 *
 * It costs time with every access and every decision. So nothing is done but to see whether there may be a suspect
 * ({@link ReadMasks}) until there may: that run is made again, and from then on all is seen.
 */
export class SpinLoops {
  /** Whether the run only serves to look at a thread, from here on, instead of what the director wants. */
  isProbing = false;
  readonly #machine: Machine;
  readonly #ahead: LookAhead;
  readonly #masks: ReadMasks;
  readonly #windows: ReadWindows;
  readonly #verdicts: Uint8Array;
  readonly #probe: SpinProbe;
  /** The reads of one round, by where a thread is and what it read last; none where it does not spin. */
  #known = new Map<string, readonly WindowRead[]>();
  /** Rounds by where a thread is that goes through them. */
  #places = new Map<string, readonly WindowRead[]>();
  readonly #pending = createPendingOperation();
  readonly #mayBeStale: boolean;
  #point: DecisionPoint | undefined;
  #hasFoundLoop = false;
  #state: Watch = Watch.Asleep;
  #other: ShadowObserver | undefined;

  /** @param mayBeStale - whether loads may read what is not in memory any more */
  constructor(machine: Machine, mayBeStale: boolean) {
    this.#machine = machine;
    this.#ahead = machine.ahead;
    this.#mayBeStale = mayBeStale;
    this.#masks = new ReadMasks(machine);
    this.#windows = new ReadWindows(machine);
    this.#verdicts = new Uint8Array(machine.threads.capacity);
    this.#probe = new SpinProbe(machine, this.#windows);
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
    return this.#places.size > 0;
  }

  /** Whether a loop was found in a program in TypeScript: its thread never is where it was, as far as can be seen. */
  get hasFoundLoop(): boolean {
    return this.#hasFoundLoop;
  }

  /** Knows the loops that others know, from now on. */
  share({ known, places }: SpinLoops['knowledge']): void {
    this.#known = known;
    this.#places = places;
  }

  /** The loops that are known. */
  get knowledge(): {
    readonly known: Map<string, readonly WindowRead[]>;
    readonly places: Map<string, readonly WindowRead[]>;
  } {
    return { known: this.#known, places: this.#places };
  }

  /** How many places were found where a thread spins. */
  get places(): number {
    return this.#places.size;
  }

  /** Whether a thread spins until a word changes that has not. */
  holds(thread: number): boolean {
    return this.#state === Watch.Awake && this.#verdictOf(thread) === Verdict.Held;
  }

  /**
   * Whether a step is one by which a thread that spins on a single word, which has changed, may read what it read
   * before: under the weak model it could do so for ever, but each round would be like the last. That is left out.
   */
  mustSeeNewer(decision: Decision, point: DecisionPoint): boolean {
    if (!this.#mayBeStale || this.#state !== Watch.Awake) return false;
    if (decisionKind(decision) !== DecisionKind.Step) return false;
    const thread = point.currentOn(decisionX(decision));
    return thread >= 0 && this.#verdictOf(thread) === Verdict.Stale;
  }

  /** A run starts, which is decided at this point. */
  seesFrom(point: DecisionPoint): void {
    this.#point = point;
  }

  /** Whether a thread has to be looked at before anything is decided; begins with that if so. */
  begins(point: DecisionPoint): boolean {
    if (this.#state !== Watch.Awake) return this.#wakesUp(point);
    for (const cpu of point.possibleCpus) {
      const thread = point.currentOn(cpu);
      if (thread < 0 || this.#verdictOf(thread) !== Verdict.Suspect) continue;
      this.#probe.begin(thread, cpu, this.#placeOf(thread), this.#tailOf(thread));
      return (this.isProbing = true);
    }
    return false;
  }

  /** The next step of the thread that is looked at, or NO_DECISION where enough is known. */
  goOn(point: DecisionPoint): Decision {
    return this.#state === Watch.Waking ? NO_DECISION : this.#probe.goOn(point);
  }

  /**
   * A run is over in which threads were looked at.
   *
   * @param mayBeLonger - whether it can be made again with more decisions, where it was too short for that
   * @returns whether it is what the director wanted all the same, or has to be made again
   */
  settle(outcome: RunResult['outcome'], mayBeLonger: boolean): 'settled' | 'again' | 'longer' {
    this.isProbing = false;
    if (this.#state === Watch.Waking) {
      this.wake();
      return 'again';
    }
    const { place, tail, isProven } = this.#probe;
    const round = this.#probe.end();
    if (outcome === 'limit' && mayBeLonger) return 'longer';
    // The thread does something for ever in which it reads nothing: the run ends like any that is too long.
    if (outcome === 'limit') return 'settled';
    this.#known.set(place + tail, round);
    if (round.length > 0 && !isProven) this.#hasFoundLoop = true;
    if (round.length > 0) this.#places.set(place, round);
    return 'again';
  }

  /**
   * The reads by which it is decided whether a thread can step now: it spins on them, or would if they
   * had not changed. None where it is not known to spin.
   */
  guards(thread: number): readonly WindowRead[] {
    return this.#places.size === 0 ? NONE : (this.#places.get(this.#placeOf(thread)) ?? NONE);
  }

  /** The reads of the round that a thread which is held back goes through. */
  roundOf(thread: number): readonly WindowRead[] {
    if (!this.holds(thread)) return [];
    return this.#known.get(this.#placeOf(thread) + this.#tailOf(thread)) ?? [];
  }

  #wakesUp(point: DecisionPoint): boolean {
    if (!this.#masks.mayFind(point)) return false;
    this.#state = Watch.Waking;
    return (this.isProbing = true);
  }

  #verdictOf(thread: number): Verdict {
    const { changed } = this.#windows;
    if (changed[thread] === 1) {
      changed[thread] = 0;
      this.#verdicts[thread] = this.#judge(thread);
    }
    return this.#verdicts[thread] as Verdict;
  }

  #judge(thread: number): Verdict {
    const windows = this.#windows;
    if (windows.lengthOf(thread) === 0) return Verdict.Free;
    const { kind, address, size } = this.#ahead.operation(thread, this.#pending);
    if (kind !== OperationKind.Load && kind !== OperationKind.Atomic) return Verdict.Free;
    if (!windows.has(thread, address, size)) return Verdict.Free;
    const round = this.#known.get(this.#placeOf(thread) + this.#tailOf(thread));
    if (round === undefined) return Verdict.Suspect;
    if (round.length === 0) return Verdict.Free;
    if (this.#isUnchanged(thread, round)) return Verdict.Held;
    return this.#isStale(thread, kind, round) ? Verdict.Stale : Verdict.Free;
  }

  /** Whether a thread is about to read again what it read last, which is older than what is in memory. */
  #isStale(thread: number, kind: OperationKind, round: readonly WindowRead[]): boolean {
    const windows = this.#windows;
    // A fence behind the read may have moved on what can be read at least.
    if (round.length !== 1 || kind !== OperationKind.Load || windows.fenced[thread] === 1)
      return false;
    const last = windows.at(thread, windows.lengthOf(thread) - 1);
    return last.address === round[0]!.address && last.value === round[0]!.value;
  }

  /** Whether the last reads of a thread are those of a round. */
  #isUnchanged(thread: number, round: readonly WindowRead[]): boolean {
    const windows = this.#windows;
    const first = windows.lengthOf(thread) - round.length;
    if (first < 0) return false;
    return round.every((read, index) => {
      const own = windows.at(thread, first + index);
      if (own.address !== read.address || own.value !== read.value) return false;
      return !this.#mayBeStale || this.#machine.wordAt(own.physical & ~3) === own.value;
    });
  }

  /** What a thread has read since it last read what it is about to read. */
  #tailOf(thread: number): string {
    const windows = this.#windows;
    const { address } = this.#ahead.operation(thread, this.#pending);
    let hash = 0;
    for (let n = windows.lengthOf(thread) - 1; n >= 0; n--) {
      const read = windows.at(thread, n);
      hash = mix(hash, read.value, PRIME_A) ^ read.address;
      if (read.address === address) break;
    }
    // What drains a buffer is no part of a loop that changes nothing, unless there is nothing to drain.
    const cpu = this.#machine.threads.cpu[thread]!;
    return `:${hash}:${this.#point !== undefined && this.#point.pendingStores(cpu) > 0}`;
  }

  /** Where a thread is, and all that it has for itself. */
  #placeOf(thread: number): string {
    const { registers, history } = this.#machine.threads;
    const base = thread * REGISTER_STRIDE;
    let low = mix(thread, registers[base + RegisterFile.Ip]!, PRIME_A);
    let high = mix(registers[base + RegisterFile.Operations]!, thread, PRIME_B);
    for (let n = 0; n < GENERAL_REGISTERS; n++) {
      const word = registers[base + n]!;
      low = mix(low, word, PRIME_A);
      high = mix(high, word, PRIME_B);
    }
    low = mix(low, history[thread * 2]!, PRIME_A);
    high = mix(high, history[thread * 2 + 1]!, PRIME_B);
    return `${low}:${high}`;
  }
}
