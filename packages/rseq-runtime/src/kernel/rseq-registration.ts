import type { StateArena } from '@rseqlab/sim-machine';

/** What every kernel keeps of the threads that have registered an rseq area. */
export class RseqRegistration {
  /** Address of the area, or 0: not registered. */
  readonly area: Int32Array;
  /** Length given at registration, in bytes. */
  readonly length: Int32Array;
  /** The word that has to stand in front of an abort handler. */
  readonly signature: Int32Array;

  constructor(arena: StateArena, threads: number) {
    this.area = arena.threadColumn('rseq.area', threads, 'semantic');
    this.length = arena.threadColumn('rseq.length', threads, 'semantic');
    this.signature = arena.threadColumn('rseq.signature', threads, 'semantic');
  }

  /** Makes a registration. */
  set(thread: number, area: number, length: number, signature: number): void {
    this.area[thread] = area;
    this.length[thread] = length;
    this.signature[thread] = signature;
  }

  /** Forgets a thread's registration. */
  clear(thread: number): void {
    this.set(thread, 0, 0, 0);
  }

  /** Gives a thread the registration of another, as fork does. */
  copy(from: number, to: number): void {
    this.set(to, this.area[from]!, this.length[from]!, this.signature[from]!);
  }
}
