import { DecisionKind, OperationKind, decisionKind, decisionX } from '@rseqlab/sim-machine';
import type { Decision, Machine } from '@rseqlab/sim-machine';
import type { AccessCapture } from './access-capture.js';
import { FreeSteps } from './free-step.js';
import type { FreeStep } from './free-step.js';
import type { StateParts } from './state-parts.js';
import type { WordOwners } from './word-owners.js';

/** Stands for the phase in which the CPU that is marked last goes to user mode; others are decisions. */
export const SETTLE = -1;

/** Stands for the phase in which that CPU, which idles, gets a thread, if there is one. */
export const SCHEDULE = -2;

/** What a phase read of a state and changed in it. */
export interface PhaseChanges {
  /** Slots of the state that it depended on. */
  readonly reads: readonly number[];
  /** What it changed: (slot, value), one behind the other. */
  readonly effects: readonly number[];
  /** The thread that it was an access of, and nothing else; -1 when it was anything else. */
  readonly thread: number;
  /** What it is if it need not be interleaved with everything; only where that is asked for. */
  readonly free: FreeStep | undefined;
}

/**
 * Says what a phase that a machine carries out reads and changes.
 *
 * An access reads its thread and memory. What goes to user mode alone reads its thread, its CPU, what
 * the kernel keeps of no thread or CPU, and memory. All else reads all that the kernel keeps, the threads
 * in whose context something was done, and memory.
 */
export class PhaseRecord {
  readonly #machine: Machine;
  readonly #parts: StateParts;
  readonly #capture: AccessCapture;
  #reads: number[] = [];
  #effects: number[] = [];
  /** The CPU that settles, or -1. */
  #cpu = -1;
  /** The thread whose access the phase is, or that goes to user mode in it; -1 is none. */
  #mover = -1;
  /** Whether the phase may concern that thread alone. */
  #mayBeAlone = false;
  /** Undefined where all steps are interleaved. */
  readonly #owners: WordOwners | undefined;
  readonly #freeSteps: FreeSteps;

  /** @param owners is told of all accesses; undefined where nobody wants to know */
  constructor(
    machine: Machine,
    parts: StateParts,
    capture: AccessCapture,
    owners: WordOwners | undefined,
  ) {
    this.#machine = machine;
    this.#parts = parts;
    this.#capture = capture;
    this.#owners = owners;
    this.#freeSteps = new FreeSteps(machine, capture);
  }

  /** A phase begins in a state. */
  begin(phase: number, words: Int32Array): void {
    const { cpus, state } = this.#machine;
    this.#capture.begin();
    state.forgetEntered();
    this.#cpu = -1;
    this.#mover = -1;
    this.#mayBeAlone = false;
    if (phase < 0) {
      const { marks, layout } = this.#parts;
      this.#cpu = marks.first(words[layout.marks]!);
      this.#mover = cpus.current[this.#cpu]!;
      this.#mayBeAlone = state.phases.settlesAlone(this.#cpu);
    } else if (decisionKind(phase as Decision) === DecisionKind.Step) {
      this.#mover = cpus.current[decisionX(phase as Decision)]!;
      this.#mayBeAlone = isPlain(state.pending(this.#mover).kind);
      if (this.#owners !== undefined && this.#mayBeAlone) this.#freeSteps.begin(this.#mover);
    }
  }

  /** The phase is over that began where the state held `words`. */
  end(words: Int32Array): PhaseChanges {
    this.#reads = [];
    this.#effects = [];
    const mayBeFree = this.#owners !== undefined && this.#mayBeAlone && this.#cpu < 0;
    const free = mayBeFree ? this.#freeSteps.end(this.#mover) : undefined;
    this.#capture.end();
    this.#parts.look(words);
    const { entered } = this.#machine.state;
    const isAlone = this.#mayBeAlone && entered === 1 << this.#mover && this.#isMoverOnly(words);
    const isAccess = isAlone && this.#cpu < 0;
    if (!isAccess) this.#kernel(isAlone, words);
    const { layout } = this.#parts;
    for (let thread = 0; thread < layout.threads; thread++) {
      const isEntered = ((entered >>> thread) & 1) === 1;
      this.#part(layout.thread(thread), isEntered, words);
      this.#part(layout.entry(thread), isEntered && !isAccess, words);
    }
    this.#memory();
    this.#awaited();
    const [reads, effects] = [this.#reads, this.#effects];
    if (!isAccess) return { reads, effects, thread: -1, free: undefined };
    return { reads, effects, thread: this.#mover, free };
  }

  /** Adds what the kernel keeps. */
  #kernel(isAlone: boolean, words: Int32Array): void {
    const { layout, present } = this.#parts;
    const { kernel, marks } = layout;
    const own = layout.own(this.#mover);
    // What is read first decides what is read next.
    if (this.#cpu >= 0) {
      this.#reads.push(layout.cpu(this.#cpu));
      if (this.#mover >= 0) this.#reads.push(own);
    }
    if (isAlone) {
      this.#reads.push(layout.common);
      if (present[own] !== words[own]) this.#effects.push(own, present[own]!);
      return;
    }
    this.#reads.push(kernel);
    if (present[kernel] !== words[kernel]) this.#effects.push(kernel, present[kernel]!);
    if (this.#cpu >= 0) this.#reads.push(marks);
    if (present[marks] !== this.#marksLeft(words)) this.#effects.push(marks, present[marks]!);
  }

  /** Adds a part of a thread. What a phase changes it is taken to read. */
  #part(slot: number, isRead: boolean, words: Int32Array): void {
    const value = this.#parts.present[slot]!;
    if (value !== words[slot]) this.#effects.push(slot, value);
    if (isRead || value !== words[slot]) this.#reads.push(slot);
  }

  /** Adds the words of memory that were read, and those that were written. */
  #memory(): void {
    const capture = this.#capture;
    // Where a slot is new, the machine may have to go elsewhere to see what its word was.
    const values: number[] = [];
    for (let i = 0; i < capture.count; i++) values.push(capture.value(i));
    for (let i = 0; i < capture.count; i++) {
      const slot = this.#parts.slotOfWord(capture.address(i), capture);
      if (slot < 0) continue;
      this.#owners?.note(
        slot,
        capture.address(i),
        capture.users(i),
        capture.kernel(i),
        capture.early(i),
      );
      if (capture.isRead(i)) this.#reads.push(slot);
      if (capture.isWritten(i)) this.#effects.push(slot, values[i]!);
    }
  }

  /** Who waits for a word looks at it, whoever stores there. */
  #awaited(): void {
    const owners = this.#owners;
    if (owners === undefined) return;
    const { layout, present, threads } = this.#parts;
    for (let thread = 0; thread < layout.threads; thread++) {
      const { awaits } = threads.facts[present[layout.thread(thread)]!]!;
      if (awaits < 0) continue;
      const slot = this.#parts.slotOfWord(awaits);
      if (slot >= 0) owners.note(slot, awaits, 1 << thread, 0, 0);
    }
  }

  /** The list of marks that the phase leaves if it marks no CPU. */
  #marksLeft(words: Int32Array): number {
    const { layout, marks } = this.#parts;
    const list = words[layout.marks]!;
    return this.#cpu < 0 || this.#mover < 0 ? list : marks.rest(list);
  }

  /** Whether nothing differs but what is the mover's: for an access, what is not the kernel's. */
  #isMoverOnly(words: Int32Array): boolean {
    const { layout, present } = this.#parts;
    const own = layout.own(this.#mover);
    if (present[layout.marks] !== this.#marksLeft(words)) return false;
    for (let slot = layout.common; slot < layout.thread(0); slot++)
      if (present[slot] !== words[slot] && (slot !== own || this.#cpu < 0)) return false;
    for (let thread = 0; thread < layout.threads; thread++)
      if (thread !== this.#mover && !this.#isUnchanged(thread, words)) return false;
    return true;
  }

  #isUnchanged(thread: number, words: Int32Array): boolean {
    const { layout, present } = this.#parts;
    const slot = layout.thread(thread);
    const entry = layout.entry(thread);
    return present[slot] === words[slot] && present[entry] === words[entry];
  }
}

function isPlain(kind: number): boolean {
  return (
    kind === OperationKind.Load ||
    kind === OperationKind.Store ||
    kind === OperationKind.Atomic ||
    kind === OperationKind.Fence ||
    kind === OperationKind.Await
  );
}
