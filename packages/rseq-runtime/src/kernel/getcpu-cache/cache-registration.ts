import type { StateArena } from '@rseqlab/sim-machine';

/** What the kernel keeps for every thread that has set a CPU number cache. */
export class CacheRegistration {
  /** Address of the cache, or 0: none is set. */
  readonly address: Int32Array;
  /** 1 from a migration until the cache is written. */
  readonly isStale: Int32Array;

  constructor(arena: StateArena, threads: number) {
    this.address = arena.threadColumn('getcpuCache.address', threads, 'semantic');
    this.isStale = arena.threadColumn('getcpuCache.isStale', threads, 'semantic');
  }

  /** Forgets a thread's cache. */
  clear(thread: number): void {
    this.address[thread] = 0;
    this.isStale[thread] = 0;
  }
}
