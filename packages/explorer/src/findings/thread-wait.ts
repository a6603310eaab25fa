import type { SourceFrame } from '../trace/source-frame.js';

/**
 * What kind of thing a thread waits for.
 *
 * `futex`: to be woken. `await`: for a word to have a value. `join`: for a thread to end. `child`: for
 * a process to end. `signal`, `tracer`, `time`, `page`: what they say. `turn`: for a CPU that another
 * thread does not give up.
 */
export type WaitResource =
  'futex' | 'await' | 'join' | 'child' | 'signal' | 'tracer' | 'time' | 'page' | 'turn';

/** What a thread waits for that can never go on, and who could let it. */
export interface ThreadWait {
  readonly thread: number;
  readonly name: string;
  readonly resource: WaitResource;
  /** Address of the word, of a futex, a join and an await. */
  readonly address?: number;
  /** The word at that address. */
  readonly value?: number;
  /** What the word is compared with: a sleeper sleeps while it is that, an awaiter until it is not. */
  readonly expected?: number;
  /** The thread that holds what it waits for, or is waited for. */
  readonly holder?: number;
  /** Whether that thread has ended, and so will never give it up. */
  readonly isHolderGone?: boolean;
  /** The whole in words: `waits for futex 0x10000000, which T1 holds`. */
  readonly text: string;
  /** The line of the thread's program, where the run was recorded. */
  readonly source?: SourceFrame;
}
