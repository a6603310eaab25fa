import type { SourcePosition } from '../litmus/source-text.js';
import type { MisuseFlag } from './rcu-port.js';

/** A statement of a thread. */
export interface ThreadStatement {
  /** Such as `P0`. */
  readonly thread: string;
  /** The statement as written. */
  readonly statement: string;
  readonly position: SourcePosition;
}

/** A thread that can never go on, and whom it waits for. */
export interface LkmmWait extends ThreadStatement {
  /** Those it waits for, with the statement by which they keep it waiting, and whether they ended. */
  readonly waitsFor: readonly (ThreadStatement & { readonly hasEnded: boolean })[];
}

/** An execution after which threads are left that can never go on. */
export interface LkmmDeadlock {
  readonly waits: readonly LkmmWait[];
  /**
   * Threads each of which waits for the next, the first one again at the end; empty where they wait
   * for one that has ended.
   */
  readonly cycle: readonly string[];
}

/** Something that a test does and must not do. */
export interface LkmmMisuse extends ThreadStatement {
  readonly flag: MisuseFlag;
}

/** One line about a thread that waits: `P0 waits in ... for P1, which ...`. */
export function waitText({ thread, statement, position, waitsFor }: LkmmWait): string {
  const here = `${thread} waits in ${statement} (${placeText(position)})`;
  const whom = waitsFor.map((other) => {
    const name = other.thread === thread ? 'itself' : other.thread;
    const ended = other.hasEnded ? ' and has ended' : '';
    return `${name}, which did ${other.statement} (${placeText(other.position)})${ended}`;
  });
  return whom.length === 0 ? `${here} for nobody` : `${here} for ${whom.join(' and ')}`;
}

/** One line about a misuse. */
export function misuseText({ flag, thread, statement, position }: LkmmMisuse): string {
  return `${flag}: ${thread}, ${statement} (${placeText(position)})`;
}

function placeText({ line, column }: SourcePosition): string {
  return `${line}:${column}`;
}
