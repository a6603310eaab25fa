import type { ColumnKind, StateArena } from '@rseqlab/sim-machine';

/** What the kernel keeps for every thread that has registered an rseq area. */
export class RseqRegistration {
  /** Address of the area, or 0: not registered. */
  readonly area: Int32Array;
  /** Length given at registration, in bytes. */
  readonly length: Int32Array;
  /** The word that has to stand in front of an abort handler. */
  readonly signature: Int32Array;
  /**
   * {@link RseqEvent} bits that came since the mask was last looked at. Which bits is of consequence
   * only where flags inhibit some of them: elsewhere {@link hasEvent} is what decides.
   */
  readonly eventMask: Int32Array;
  /** 1 while any bit is set. */
  readonly hasEvent: Int32Array;

  /** @param maskKind whether the bits of the mask tell states apart */
  constructor(arena: StateArena, threads: number, maskKind: ColumnKind) {
    this.area = arena.column('rseq.area', threads, 'semantic');
    this.length = arena.column('rseq.length', threads, 'semantic');
    this.signature = arena.column('rseq.signature', threads, 'semantic');
    this.eventMask = arena.column('rseq.eventMask', threads, maskKind);
    this.hasEvent = arena.column('rseq.hasEvent', threads, 'semantic');
  }

  /** Forgets a thread's registration. */
  clear(thread: number): void {
    this.area[thread] = 0;
    this.length[thread] = 0;
    this.signature[thread] = 0;
    this.takeEvents(thread);
  }

  /** Adds {@link RseqEvent} bits. */
  addEvent(thread: number, event: number): void {
    this.eventMask[thread]! |= event;
    this.hasEvent[thread] = 1;
  }

  /** Returns the event mask and clears it. */
  takeEvents(thread: number): number {
    const mask = this.eventMask[thread]!;
    this.eventMask[thread] = 0;
    this.hasEvent[thread] = 0;
    return mask;
  }

  /** Gives a thread the registration of another, as fork does. */
  copy(from: number, to: number): void {
    this.area[to] = this.area[from]!;
    this.length[to] = this.length[from]!;
    this.signature[to] = this.signature[from]!;
    this.eventMask[to] = this.eventMask[from]!;
    this.hasEvent[to] = this.hasEvent[from]!;
  }
}
