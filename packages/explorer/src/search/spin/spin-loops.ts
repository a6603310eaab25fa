import {
  CombinedShadow,
  DecisionKind,
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
import { ReadWindows } from './read-windows.js';
import type { WindowRead } from './read-windows.js';
import { SpinProbe } from './spin-probe.js';

const GENERAL_REGISTERS = 16;

const NOBODY = -1;

const NONE: readonly WindowRead[] = [];

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
 */
export class SpinLoops {
  readonly #machine: Machine;
  readonly #ahead: LookAhead;
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

  /** @param mayBeStale - whether loads may read what is not in memory any more */
  constructor(machine: Machine, mayBeStale: boolean) {
    this.#machine = machine;
    this.#ahead = machine.ahead;
    this.#mayBeStale = mayBeStale;
    this.#windows = new ReadWindows(machine);
    this.#verdicts = new Uint8Array(machine.threads.capacity);
    this.#probe = new SpinProbe(machine, this.#windows);
    machine.ahead.holdBack((thread) => this.holds(thread));
  }

  /** What sees accesses, beside another observer. */
  beside(other?: ShadowObserver): ShadowObserver {
    return other === undefined ? this.#windows : new CombinedShadow(this.#windows, other);
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

  /** Whether the thread of the run is being looked at, instead of what the director wants. */
  get isProbing(): boolean {
    return this.#probe.thread !== NOBODY;
  }

  /** Whether a thread spins until a word changes that has not. */
  holds(thread: number): boolean {
    return this.#verdictOf(thread) === Verdict.Held;
  }

  /**
   * Whether a step is one by which a thread that spins on a single word, which has changed, may read what it read
   * before: under the weak model it could do so for ever, but each round would be like the last. That is left out.
   */
  mustSeeNewer(decision: Decision, point: DecisionPoint): boolean {
    if (!this.#mayBeStale || decisionKind(decision) !== DecisionKind.Step) return false;
    const thread = point.currentOn(decisionX(decision));
    return thread >= 0 && this.#verdictOf(thread) === Verdict.Stale;
  }

  /** A run starts, which is decided at this point. */
  seesFrom(point: DecisionPoint): void {
    this.#point = point;
  }

  /** Whether a thread has to be looked at before anything is decided; begins with that if so. */
  begins(point: DecisionPoint): boolean {
    for (const cpu of point.possibleCpus) {
      const thread = point.currentOn(cpu);
      if (thread < 0 || this.#verdictOf(thread) !== Verdict.Suspect) continue;
      this.#probe.begin(thread, cpu, this.#placeOf(thread), this.#tailOf(thread));
      return true;
    }
    return false;
  }

  /** The next step of the thread that is looked at, or NO_DECISION where enough is known. */
  goOn(point: DecisionPoint): Decision {
    return this.#probe.goOn(point);
  }

  /**
   * A run is over.
   *
   * @param outcome - how it ended; `cut` where it was too short to look at a thread to the end
   * @returns whether it has to be made again, since a thread was looked at
   */
  settle(outcome: RunResult['outcome'] | 'cut'): boolean {
    const { thread } = this.#probe;
    if (thread === NOBODY) return false;
    const { place, tail, isProven } = this.#probe;
    const round = this.#probe.end();
    if (outcome === 'cut') return true;
    // The thread does something for ever in which it reads nothing: the run ends like any that is too long.
    if (outcome === 'limit') return false;
    this.#known.set(place + tail, round);
    if (round.length > 0 && !isProven) this.#hasFoundLoop = true;
    if (round.length > 0) this.#places.set(place, round);
    return true;
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
