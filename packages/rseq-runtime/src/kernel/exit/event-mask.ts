import type { ColumnKind, StateArena } from '@rseqlab/sim-machine';

/** The event masks of threads: what has come since a section was last looked at. */
export class EventMask {
  /**
   * {@link RseqEvent} bits. Which bits is of consequence only where flags inhibit some of them:
   * elsewhere {@link EventMask.hasEvent} is what decides.
   */
  readonly bits: Int32Array;
  /** 1 while any bit is set. */
  readonly hasEvent: Int32Array;

  /** @param kind whether the bits tell states apart, besides that there are any */
  constructor(arena: StateArena, threads: number, kind: ColumnKind) {
    this.bits = arena.threadColumn('rseq.eventMask', threads, kind);
    this.hasEvent = arena.threadColumn('rseq.hasEvent', threads, 'semantic');
  }

  /** Adds {@link RseqEvent} bits. */
  add(thread: number, event: number): void {
    this.bits[thread]! |= event;
    this.hasEvent[thread] = 1;
  }

  /** Returns the mask and clears it. */
  take(thread: number): number {
    const mask = this.bits[thread]!;
    this.bits[thread] = 0;
    this.hasEvent[thread] = 0;
    return mask;
  }

  /** Gives a thread the mask of another, as fork does. */
  copy(from: number, to: number): void {
    this.bits[to] = this.bits[from]!;
    this.hasEvent[to] = this.hasEvent[from]!;
  }
}
