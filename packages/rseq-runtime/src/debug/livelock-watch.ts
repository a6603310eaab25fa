import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import type { ListedSection, SectionTable } from './section-table.js';

/** Aborts in a row from which on a section is said to be in a livelock. */
const ABORTS_IN_VAIN = 8;

/** A section that a thread begins again and again and never commits. */
export interface Livelock {
  /** Slot of the thread. */
  readonly thread: number;
  readonly section: ListedSection;
  /** How often it was aborted in a row, in one operation of the thread's program. */
  readonly aborts: number;
}

interface Attempts {
  section: ListedSection;
  /** The operation of the thread's program that the section belongs to. */
  operation: number;
  aborts: number;
}

/**
 * Notices sections that are aborted over and over without the thread getting anywhere: what a
 * debugger does to a section that it steps through without knowing of it, since every trap aborts.
 *
 * A thread gets somewhere when it leaves the section other than by an abort, or when its program
 * goes on to another operation.
 */
export class LivelockWatch {
  readonly #machine: Machine;
  readonly #sections: SectionTable;
  readonly #limit: number;
  readonly #attempts = new Map<number, Attempts>();
  #found: Livelock | undefined;

  /**
   * Watches from now on.
   *
   * @param limit aborts in a row that are a livelock, at least 1
   */
  constructor(machine: Machine, sections: SectionTable, limit: number = ABORTS_IN_VAIN) {
    this.#machine = machine;
    this.#sections = sections;
    this.#limit = limit;
    machine.events.on('abort', ({ thread, from }) => this.#aborted(thread, from));
  }

  /** A livelock that came about since the last call, once. */
  take(): Livelock | undefined {
    const found = this.#found;
    this.#found = undefined;
    return found;
  }

  /** A thread has come to an instruction: an exit of its section but the abort handler is progress. */
  arrived(thread: number, ip: number): void {
    const attempts = this.#attempts.get(thread);
    if (attempts === undefined) return;
    const { section } = attempts;
    if (ip !== section.abortIp && section.exits.includes(ip)) this.#attempts.delete(thread);
  }

  #aborted(thread: number, from: number): void {
    const section = this.#sections.at(from);
    if (section === undefined) return;
    const { registers } = this.#machine.threads;
    const operation = registers[thread * REGISTER_STRIDE + RegisterFile.Operations]!;
    const before = this.#attempts.get(thread);
    const isSame = before?.section === section && before.operation === operation;
    const attempts = isSame ? before : { section, operation, aborts: 0 };
    attempts.aborts += 1;
    this.#attempts.set(thread, attempts);
    if (attempts.aborts % this.#limit === 0)
      this.#found = { thread, section, aborts: attempts.aborts };
  }
}
