import type { Machine } from '@rseqlab/sim-machine';
import { WINDOW_READS } from './read-windows.js';
import type { ReadWindows } from './read-windows.js';

/**
 * Where in its program in TypeScript a thread began the operation that it is in, and those of its last reads: by the
 * calls that led there.
 *
 * Taking note of that costs much, so it is done in runs in which a thread is looked at.
 */
export class CallSites {
  isWatching = false;
  readonly #machine: Machine;
  readonly #windows: ReadWindows;
  readonly #begun: (Error | undefined)[] = [];
  readonly #ofReads: (Error | undefined)[][] = [];

  constructor(machine: Machine, windows: ReadWindows) {
    this.#machine = machine;
    this.#windows = windows;
  }

  /** From the next run on, takes note. */
  watch(): void {
    this.isWatching = true;
    this.#begun.length = this.#ofReads.length = 0;
    this.#machine.watchOperations((thread) => {
      this.#begun[thread] = new Error();
    });
    this.#windows.onRead = (thread) => {
      this.#read(thread);
    };
  }

  /** What is known stays known. */
  stop(): void {
    if (!this.isWatching) return;
    this.isWatching = false;
    this.#machine.watchOperations(undefined);
    this.#windows.onRead = undefined;
  }

  /** Forgets all. */
  clear(): void {
    this.stop();
    this.#begun.length = this.#ofReads.length = 0;
  }

  /** The operation that a thread is in; empty where nobody took note. */
  of(thread: number): string {
    return siteOf(this.#begun[thread]);
  }

  /** The operation in which a thread made one of its last reads, 0 for the last. */
  ofRead(thread: number, back: number): string {
    return siteOf(this.#ofReads[thread]?.at(-1 - back));
  }

  #read(thread: number): void {
    const reads = (this.#ofReads[thread] ??= []);
    reads.push(this.#begun[thread]);
    if (reads.length > WINDOW_READS) reads.shift();
  }
}

/** How V8 tells of a generator that goes on. */
const RESUMED = '.next (<anonymous>)';

/** The calls down from the program of a thread, a generator, without those of the machine that resumed it. */
function siteOf(error: Error | undefined): string {
  const lines = error?.stack?.split('\n') ?? [];
  const end = lines.map((line) => line.includes(RESUMED)).lastIndexOf(true);
  return (end < 0 ? lines : lines.slice(0, end)).join('\n');
}
