import {
  DecisionKind,
  NO_DECISION,
  OperationKind,
  REGISTER_STRIDE,
  RegisterFile,
  SyscallNumber,
  createPendingOperation,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine } from '@rseqlab/sim-machine';
import type { CallSites } from './call-sites.js';
import { EvenRounds } from './even-rounds.js';
import { isIdleOperation, isRead } from './idle-operations.js';
import { WINDOW_READS } from './read-windows.js';
import type { ReadWindows, WindowRead } from './read-windows.js';

/** A thread spins that went round so often, alone, and read nothing else. */
const SPIN_ROUNDS = 1024;

/** Instructions that it executes at once, where it has shown what it does in a round. */
const SWEEP_INSTRUCTIONS = 512;

const NOBODY = -1;

/** Steps in a row of others to whom it leaves its CPU. */
const MOST_OTHERS_STEPS = 256;

/** Lets one thread go on alone, and tells whether it repeats what it read last for ever. */
export class SpinProbe {
  /** The thread that is looked at, or -1. */
  thread: number = NOBODY;
  /** Where it was at first. */
  place = '';
  readonly #machine: Machine;
  readonly #windows: ReadWindows;
  readonly #sites: CallSites;
  readonly #mayMiss: boolean;
  readonly #pending = createPendingOperation();
  #cpu = 0;
  /** Reads of the window that it began with. */
  #first: readonly WindowRead[] = [];
  /** Where in its program it made them. */
  #firstSites: readonly string[] = [];
  /** Where it was about to make the first read that is not among them. */
  #start = '';
  /** The last reads, by their number modulo their count. */
  readonly #recent: (WindowRead | undefined)[] = new Array<undefined>(WINDOW_READS + 1);
  #count = 0;
  /** Lengths that a round may have, a bit each. */
  #periods = 0;
  #isSpinning = false;
  #isProven = false;
  #isDraining = false;
  #yields = false;
  #calls = false;
  readonly #even = new EvenRounds();
  /** Where it did more or less in one round than in another. */
  #uneven = '';
  #isUnclear = false;
  #othersSteps = 0;
  #effects = 0;
  #reads = 0;
  #readsBefore = 0;
  #local = '';
  #operations = 0;

  /** @param mayMiss - whether loads may read what is not in memory any more */
  constructor(machine: Machine, windows: ReadWindows, sites: CallSites, mayMiss: boolean) {
    this.#sites = sites;
    this.#mayMiss = mayMiss;
    this.#machine = machine;
    this.#windows = windows;
  }

  /** Begins to look at the thread of a CPU. */
  begin(thread: number, cpu: number, place: string): void {
    const windows = this.#windows;
    this.thread = thread;
    this.place = place;
    this.#cpu = cpu;
    const length = windows.freshOf(thread);
    this.#first = Array.from({ length }, (_, n) => windows.last(thread, length - 1 - n));
    this.#first.forEach((read, index) => (this.#recent[index] = read));
    this.#firstSites = this.#first.map((_, n) => this.#sites.ofRead(thread, length - 1 - n));
    this.#start = this.#siteNow();
    this.#count = length;
    this.#periods = (1 << length) - 1;
    this.#isSpinning = false;
    this.#isDraining = true;
    this.#yields = this.#calls = false;
    this.#even.begin();
    this.#isUnclear = false;
    this.#othersSteps = 0;
    this.#reads = this.#readsBefore = windows.reads[thread]!;
    this.#local = this.#localState();
    this.#operations = this.#operationsNow;
  }

  /** The next step, or NO_DECISION where enough is known. */
  goOn(point: DecisionPoint): Decision {
    const { thread } = this;
    // What is in its CPU's buffer reaches memory sooner or later, by itself, and is what it reads there already.
    if (this.#isDraining && point.pendingStores(this.#cpu) > 0)
      return encodeDecision(DecisionKind.Drain, this.#cpu, 0);
    if (this.#isDraining) this.#beginRounds();
    const current = point.currentOn(this.#cpu);
    if (current < 0 || !this.#isAsExpected()) return this.#stop();
    const operation = this.#machine.ahead.operation(current, this.#pending);
    if (!isIdleOperation(operation)) return this.#stop();
    if (current !== thread) {
      if (this.#even.isKnown) return this.#stop();
      // Those behind whom it queues up, which may do no more than it does itself.
      if (++this.#othersSteps > MOST_OTHERS_STEPS) return this.#stop();
      return encodeDecision(DecisionKind.Step, this.#cpu, 1);
    }
    this.#othersSteps = 0;
    const { kind, value } = operation;
    if (isRead(kind) && !this.#isWhereItBegan()) return this.#stop();
    this.#calls ||= kind === OperationKind.Syscall;
    this.#yields ||= kind === OperationKind.Syscall && value === SyscallNumber.sched_yield;
    const isSwept = isRead(kind) && !this.#isSpinning && this.#mayBeSwept();
    if (this.#isSpinning || this.#isUnclear) return NO_DECISION;
    return encodeDecision(DecisionKind.Step, this.#cpu, isSwept ? SWEEP_INSTRUCTIONS : 1);
  }

  /** How many reads a round could have that is recognised. */
  get readsSeen(): number {
    return this.#first.length;
  }

  /** Whether the thread lets others of its CPU go first in its round. */
  get yields(): boolean {
    return this.#yields;
  }

  /** Whether the thread was seen to be where it was, so that no number of rounds had to convince. */
  get isProven(): boolean {
    return this.#isProven;
  }

  /** Whether it has to be looked at again, more closely. */
  get isUnclear(): boolean {
    return this.#isUnclear;
  }

  /** Reads of the thread in the run, up to where it is looked at. */
  get readsBefore(): number {
    return this.#readsBefore;
  }

  /**
   * Ends the look; the last reads that may be a round, the shortest first: those of so many that a thread which always
   * reads the same may not have gone round yet. None where the thread does not spin.
   */
  end(): (readonly WindowRead[])[] {
    this.thread = NOBODY;
    if (this.#even.isKnown) this.#windows.onRead = undefined;
    if (!this.#isSpinning) return [];
    const first = this.#first;
    const period = this.#period;
    const rounds = [first.slice(first.length - period)];
    // So many reads before, all was as it was one round before.
    let isRepeated = true;
    for (let length = period * 2; isRepeated && length <= first.length; length += period) {
      const round = first.slice(first.length - length);
      isRepeated = round.slice(0, period).every(({ address, value }, n) => {
        const later = round[n + period]!;
        return later.address === address && later.value === value;
      });
      if (isRepeated) rounds.push(round);
    }
    return rounds;
  }

  /** Memory is made to hold what it has read, where it may have changed. */
  #beginRounds(): void {
    this.#isDraining = false;
    this.#effects = this.#windows.effects;
    if (!this.#mayMiss) return;
    for (const { physical, size, value } of this.#first)
      this.#machine.ahead.pretend(this.#cpu, physical, Math.min(size, 4), value);
  }

  #stop(): Decision {
    this.#isSpinning = false;
    return NO_DECISION;
  }

  get #period(): number {
    return 32 - Math.clz32(this.#periods & -this.#periods);
  }

  /**
   * Whether the thread, about to read, need not be asked what it does next: it goes round, begins as many operations in
   * every round, and each of its reads is looked at as it comes.
   */
  #mayBeSwept(): boolean {
    const done = this.#count - this.#first.length;
    const period = this.#period;
    const isOff = this.#calls || this.place === this.#uneven;
    if (isOff && !this.#even.isKnown) return false;
    if (done <= this.#first.length || done % period !== 0) return false;
    // Else it may have done anything.
    if (isOff || !this.#even.ends(done, period, this.#operationsNow)) {
      this.#uneven = this.place;
      return (this.#isUnclear = true);
    }
    if (!this.#even.isKnown) return false;
    this.#windows.onRead = (thread) => {
      if (thread !== this.thread) return;
      this.#reads += 1;
      this.#note(this.#windows.last(thread, 0));
    };
    this.#isSpinning = done >= SPIN_ROUNDS * period;
    return true;
  }

  /** Whether the thread has changed nothing, and read what it may have read in a loop. */
  #isAsExpected(): boolean {
    const windows = this.#windows;
    if (windows.effects !== this.#effects) return false;
    const { thread } = this;
    const reads = windows.reads[thread]!;
    if (reads === this.#reads) return this.#periods !== 0;
    this.#reads += 1;
    if (reads !== this.#reads || windows.lengthOf(thread) === 0) return false;
    this.#note(windows.last(thread, 0));
    if (this.#periods === 0) return false;
    const rounds = (this.#count - this.#first.length) / this.#period;
    this.#isProven = rounds >= 1 && this.#isBack(rounds);
    this.#isSpinning = this.#isProven || rounds >= SPIN_ROUNDS;
    return true;
  }

  /**
   * Whether the thread, about to read, may be in a loop; as many reads ago it was where it is now, if that is how many a
   * round has.
   */
  #isWhereItBegan(): boolean {
    const done = this.#count - this.#first.length;
    if (done > this.#first.length) this.#sites.stop();
    else if (done > 0 && this.#siteNow() !== this.#start) this.#periods &= ~(1 << (done - 1));
    return this.#periods !== 0;
  }

  #siteNow(): string {
    const { registers } = this.#machine.threads;
    const ip = registers[this.thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    return `${ip}:${this.#sites.of(this.thread)}`;
  }

  /**
   * Whether the last read is where a round before one was. That matters in the first round after those that the thread
   * was seen to make, where it reads a word twice: then which of the two it was tells what it has missed.
   */
  #isAtSamePlace(index: number, period: number): boolean {
    const { length } = this.#first;
    if (index - period >= length) return true;
    const round = this.#first.slice(length - period);
    if (new Set(round.map(({ address }) => address)).size === period) return true;
    return this.#sites.ofRead(this.thread, 0) === this.#firstSites[index - period];
  }

  #note(read: WindowRead): void {
    const size = this.#recent.length;
    const index = this.#count++;
    for (let period = 1; period <= this.#first.length; period++) {
      const bit = 1 << (period - 1);
      if ((this.#periods & bit) === 0) continue;
      const before = this.#recent[(index - period + size) % size];
      const isSame = before?.address === read.address && before.value === read.value;
      if (!isSame || !this.#isAtSamePlace(index, period)) this.#periods &= ~bit;
    }
    this.#recent[index % size] = read;
  }

  /** Whether the thread is where it was, with all that it had: one round is as good as any number. */
  #isBack(rounds: number): boolean {
    if (this.#operationsNow !== this.#operations || !Number.isInteger(rounds)) return false;
    return this.#localState() === this.#local;
  }

  /** Operations that the thread's program has begun. */
  get #operationsNow(): number {
    return this.#machine.threads.registers[
      this.thread * REGISTER_STRIDE + RegisterFile.Operations
    ]!;
  }

  #localState(): string {
    const { registers, history } = this.#machine.threads;
    const base = this.thread * REGISTER_STRIDE;
    const own = registers.subarray(base, base + 16);
    const lanes = history.subarray(this.thread * 2, this.thread * 2 + 2);
    return `${own.join()}:${lanes.join()}:${registers[base + RegisterFile.Ip]!}`;
  }
}
