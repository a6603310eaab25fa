import {
  DecisionKind,
  NO_DECISION,
  OperationKind,
  createPendingOperation,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine } from '@rseqlab/sim-machine';
import { Behaviour, apply, pointOf } from './behaviour.js';
import type { Writes } from './behaviour.js';
import { AS_IT_IS, pretences } from './pretences.js';
import type { Answers, Pretence, TriedRead } from './pretences.js';
import type { ReadWindows, WindowRead } from './read-windows.js';
import { isIdleOperation, isRead } from './idle-operations.js';
import type { WordValues } from './word-values.js';

/** Reads for which a thread is followed. */
const MOST_READS = 32;

/** Reads for which it is followed once it has changed anything. */
const MOST_READS_BEHIND = 12;

/** Steps for which it is followed. */
const MOST_STEPS = 600;

const NOTHING_WRITTEN: Writes = new Map();

/** What is tried next: a pretence, from behind a read of the thread on. */
interface Trial {
  /** Reads after the one that the thread would make now, which is number 1. */
  readonly start: number;
  readonly pretence: Pretence;
}

/**
 * Finds out whether a thread that reads the same again and again, and would for ever, goes round in so many reads: whether
 * what it has in its variables is the same a round later.
 *
 * Nobody sees that, so its program is asked. Other values are pretended to it behind the first read of its last round, and
 * behind the next read, which is a round later; each in a run of its own that is thrown away. Where it ever does
 * something else, the two are different points: it may have read once out of two times in a loop within the loop, or remember what
 * a word was before. Then more reads are a round, or none.
 *
 * From the first read of the last round on and not from the last read: what the thread could come to from the middle of the next round
 * it must have been able to come to in the last one.
 */
export class RoundTrial {
  /** The thread, or -1. */
  thread = -1;
  /** Words whose values made a difference to what was tried, or may have. */
  readonly words: Set<number> = new Set<number>();
  readonly #machine: Machine;
  readonly #windows: ReadWindows;
  readonly #pending = createPendingOperation();
  readonly #behaviours = new Map<number, Behaviour>();
  #values: WordValues | undefined;
  #reads = 0;
  #lengths: number[] = [];
  #now = new Map<number, number>();
  #pretences: readonly Pretence[] = [];
  #settled = 0;
  #trial: Trial | undefined;
  // Of the run at hand:
  #isOn = false;
  #hasRead = false;
  #cpu = 0;
  #skipped = 0;
  #answers: Answers | undefined;
  #memory = new Map<number, number>();
  #does = '';
  #wrote = new Map<number, number | undefined>();
  #effects = 0;
  #left = 0;
  #steps = 0;
  #written: { physical: number; size: number } | undefined;

  constructor(machine: Machine, windows: ReadWindows) {
    this.#machine = machine;
    this.#windows = windows;
  }

  /**
   * Begins, where the thread is about to read.
   *
   * @param reads - of the thread in the run, so far
   * @param rounds - its last reads that may be a round, the shortest first
   * @param values - what words may hold
   * @param isProven - whether it was seen that what it has is the same behind the shortest of them
   */
  begin(
    thread: number,
    reads: number,
    rounds: readonly (readonly WindowRead[])[],
    values: WordValues,
    isProven: boolean,
  ): void {
    this.thread = thread;
    this.#reads = reads;
    this.#values = values;
    this.#behaviours.clear();
    this.words.clear();
    this.#lengths = rounds.map(({ length }) => length);
    this.#settled = 0;
    this.#trial = undefined;
    this.#pretences = [];
    if (rounds.length === 0 || (isProven && rounds[0]!.length === 1)) return;
    const words = new Map<TriedRead, number>();
    this.#now = new Map();
    for (const read of rounds.at(-1)!) {
      if (!this.#now.has(read.physical)) words.set(read, read.value);
      this.#now.set(read.physical, read.value);
      this.words.add(read.physical >> 2);
    }
    this.#pretences = pretences(values, words);
    this.#next();
  }

  /** Whether more has to be tried; else the number of reads of a round is known. */
  get isOpen(): boolean {
    return this.#trial !== undefined;
  }

  /** Reads of the round, 0 where none was found. */
  get round(): number {
    return this.#lengths[0] ?? 0;
  }

  /** Whether the run at hand is where something is tried; begins with that if so. */
  isDue(point: DecisionPoint): boolean {
    const { thread } = this;
    if (this.#trial === undefined || thread >= this.#machine.threads.highWater) return false;
    if (this.#windows.reads[thread] !== this.#reads + Math.min(this.#trial.start, 0)) return false;
    this.#cpu = this.#machine.threads.cpu[thread]!;
    if (point.currentOn(this.#cpu) !== thread) return false;
    this.#isOn = true;
    this.#hasRead = false;
    this.#skipped = Math.max(this.#trial.start, 0);
    this.#memory = new Map(this.#now);
    this.#answers = this.#trial.pretence(this.#values!, this.#memory);
    this.#behaviour.begin();
    this.#does = '';
    this.#wrote = new Map();
    this.#effects = this.#windows.effects;
    this.#left = MOST_READS;
    this.#steps = 0;
    this.#written = undefined;
    return true;
  }

  /** The next step of the thread, or NO_DECISION where it is not followed any further. */
  goOn(point: DecisionPoint): Decision {
    const cpu = this.#cpu;
    if (point.pendingStores(cpu) > 0) return encodeDecision(DecisionKind.Drain, cpu, 0);
    this.#noteWrite();
    if (point.currentOn(cpu) !== this.thread) return this.#stop('gives way', true);
    if (this.#steps++ === MOST_STEPS) return this.#stop('goes on');
    const operation = this.#machine.ahead.operation(this.thread, this.#pending);
    const { kind, opcode, address, size, value } = operation;
    if (isRead(kind)) {
      if (!this.#answersRead(`${opcode} ${address} ${value}`, address, size)) return NO_DECISION;
    } else if (kind === OperationKind.Store) {
      this.#does += `${opcode} ${address} ${value};`;
      const physical = this.#machine.ahead.physicalAddress(this.thread, address);
      this.#written = { physical, size };
    } else if (isIdleOperation(operation)) {
      // Nobody can tell how often it does so in a row; what it does before it reads may be over where it is met.
      const isFelt = kind === OperationKind.Fence || kind === OperationKind.Syscall;
      const isNew = this.#hasRead && !this.#does.endsWith(`${kind} ${value};`);
      if (isFelt && isNew) this.#does += `${kind} ${value};`;
    } else return this.#stop(`${kind} ${address} ${value}`);
    return encodeDecision(DecisionKind.Step, cpu, 1);
  }

  /** The run is over. @param hasFailed - whether an assertion did not hold in it */
  endRun(hasFailed: boolean): void {
    const behaviour = this.#behaviour;
    if (!this.#isOn) behaviour.root = pointOf('was not met', NOTHING_WRITTEN, undefined, true);
    else {
      if (this.#answers !== undefined) this.#stop('breaks off');
      if (hasFailed) behaviour.fails();
    }
    this.#isOn = false;
    this.#next();
  }

  /** Ends it. */
  end(): void {
    this.thread = -1;
    this.#trial = undefined;
    this.#isOn = false;
  }

  get #behaviour(): Behaviour {
    return this.#behaviourFrom(this.#trial!.start);
  }

  #behaviourFrom(start: number): Behaviour {
    let behaviour = this.#behaviours.get(start);
    if (behaviour === undefined) this.#behaviours.set(start, (behaviour = new Behaviour()));
    return behaviour;
  }

  #stop(does: string, isCutShort = false): Decision {
    this.#behaviour.comes(pointOf(this.#does + does, this.#wrote, undefined, isCutShort));
    this.#answers = undefined;
    return NO_DECISION;
  }

  /** The thread is about to read; false where it is not followed any further. */
  #answersRead(does: string, address: number, size: number): boolean {
    const { ahead } = this.#machine;
    const physical = ahead.physicalAddress(this.thread, address);
    if (physical < 0) {
      this.#stop(`${does} is not there`);
      return false;
    }
    let value: number;
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      value = this.#now.get(physical) ?? AS_IT_IS;
    } else {
      if (this.#left-- === 0) {
        this.#stop('reads on');
        return false;
      }
      const read = { physical, size };
      this.#behaviour.comes(pointOf(`${this.#does}${does}`, this.#wrote, read));
      apply(this.#wrote, this.#memory);
      this.#does = '';
      this.#wrote = new Map();
      this.#hasRead = true;
      this.words.add(physical >> 2);
      value = this.#answers!(read);
      this.#behaviour.reads(value);
    }
    if (value !== AS_IT_IS) ahead.pretend(this.#cpu, physical, Math.min(size, 4), value);
    this.#written = { physical, size };
    this.#effects = this.#windows.effects;
    return true;
  }

  /** Notes what the last step has changed. */
  #noteWrite(): void {
    const { effects } = this.#windows;
    if (effects === this.#effects || this.#written === undefined) return;
    this.#effects = effects;
    const { physical, size } = this.#written;
    const isWord = size === 4 && (physical & 3) === 0;
    if (this.#skipped === 0) {
      this.#wrote.set(physical, isWord ? this.#machine.wordAt(physical) : undefined);
      this.#left = Math.min(this.#left, MOST_READS_BEHIND);
    }
    this.#written = undefined;
  }

  /** Looks for what has to be tried next. */
  #next(): void {
    this.#trial = undefined;
    while (this.#lengths.length > 0 && this.#settled < this.#pretences.length) {
      const length = this.#lengths[0]!;
      const pretence = this.#pretences[this.#settled]!;
      const found = this.#compare(1 - length, 1, pretence);
      if (typeof found === 'number') {
        this.#trial = { start: found, pretence };
        return;
      }
      if (found === 'same') this.#settled += 1;
      else {
        this.#lengths.shift();
        this.#settled = 0;
      }
    }
  }

  /** Whether a thread does the same from two starts on, as far as is known; or the start from which more has to be known. */
  #compare(first: number, second: number, pretence: Pretence): 'same' | 'different' | number {
    let one = this.#behaviourFrom(first).root;
    let other = this.#behaviourFrom(second).root;
    const memory = new Map(this.#now);
    const answers = pretence(this.#values!, memory);
    for (;;) {
      if (one === undefined) return first;
      if (other === undefined) return second;
      if (one.isCutShort || other.isCutShort) return 'same';
      if (one.does !== other.does) return 'different';
      if (one.read === undefined) return 'same';
      apply(one.wrote, memory);
      const value = answers(one.read);
      one = one.next.get(value);
      other = other.next.get(value);
    }
  }
}
