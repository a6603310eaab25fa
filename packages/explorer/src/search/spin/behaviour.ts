import type { TriedRead } from './pretences.js';

/** What was written, by physical address; undefined where nobody knows what. */
export type Writes = ReadonlyMap<number, number | undefined>;

/** A point that a thread comes to that is tried: a read, or where it is not followed any further. */
export interface Point {
  /** What it does there, and what it has done since it read before. */
  does: string;
  /** Undefined where it is not followed any further. */
  readonly read?: TriedRead;
  /** What the thread has written since it read before. */
  readonly wrote: Writes;
  /** What comes of each value that it may read. */
  readonly next: Map<number, Point>;
  /** Whether it was not followed to where it was to be: it may do more there, whatever another does. */
  readonly isCutShort: boolean;
}

/** What a thread does from a point of its program on, by what it reads: as far as it was tried. */
export class Behaviour {
  /** The first point; undefined as long as nothing was tried. */
  root: Point | undefined;
  #last: Point | undefined;
  #value = 0;

  /** Begins at the first point again. */
  begin(): void {
    this.#last = undefined;
  }

  /** The thread comes to a point, the first one or the next; one that is known is kept. */
  comes(point: Point): Point {
    const known = this.#last === undefined ? this.root : this.#last.next.get(this.#value);
    const there = known ?? point;
    if (known === undefined) {
      if (this.#last === undefined) this.root = point;
      else this.#last.next.set(this.#value, point);
    }
    return (this.#last = there);
  }

  /** What was asserted on the way to the last point did not hold. */
  fails(): void {
    if (this.#last?.read === undefined) this.#last!.does += ' and fails';
  }

  /** The thread reads a value at its point. */
  reads(value: number): void {
    this.#value = value;
  }
}

/** A point where nothing was tried yet. */
export function pointOf(does: string, wrote: Writes, read?: TriedRead, isCutShort = false): Point {
  return { does, wrote, next: new Map(), isCutShort, ...(read !== undefined && { read }) };
}

/** Memory holds what was written. */
export function apply(wrote: Writes, memory: Map<number, number>): void {
  for (const [physical, value] of wrote)
    if (value === undefined) memory.delete(physical);
    else memory.set(physical, value);
}
