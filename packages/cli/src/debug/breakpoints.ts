import type { Arrival, DebugRun } from '@rseqlab/explorer';

/** What a breakpoint stops at. */
export type BreakpointPlace =
  | { readonly kind: 'address'; readonly address: number }
  /** Whenever a thread starts an operation of the program. */
  | { readonly kind: 'program'; readonly program: string }
  /** Whenever a thread starts an operation on that line of its TypeScript program. */
  | { readonly kind: 'line'; readonly file: string; readonly line: number };

/** A place where the run stops; nothing is put into the code. */
export interface Breakpoint {
  /** From 1. */
  readonly number: number;
  readonly place: BreakpointPlace;
  /** The place as people read it. */
  readonly text: string;
  /** The only thread that it is for, or undefined. */
  readonly thread: number | undefined;
  /** Goes away when it was hit. */
  readonly isTemporary: boolean;
}

/** The breakpoints of a debugger. */
export class Breakpoints {
  #list: Breakpoint[] = [];
  #last = 0;
  /** The operation that each thread was in when it arrived somewhere last. */
  readonly #operations = new Map<number, number>();

  /** By ascending number. */
  get all(): readonly Breakpoint[] {
    return this.#list;
  }

  /** Sets one. */
  add(breakpoint: Omit<Breakpoint, 'number'>): Breakpoint {
    const added = { number: ++this.#last, ...breakpoint };
    this.#list.push(added);
    return added;
  }

  /** Takes one away, or all; false when there is none of that number. */
  remove(number?: number): boolean {
    const kept = number === undefined ? [] : this.#list.filter((one) => one.number !== number);
    const isThere = kept.length < this.#list.length;
    this.#list = kept;
    return isThere;
  }

  /** The run is about to go on from somewhere else. */
  restart(): void {
    this.#operations.clear();
  }

  /** The first breakpoint that is there for a thread that has arrived, or undefined. */
  hit(run: DebugRun, arrival: Arrival): Breakpoint | undefined {
    const { thread, operations } = arrival;
    const isNew = this.#operations.get(thread) !== operations;
    this.#operations.set(thread, operations);
    return this.#list.find(
      (one) =>
        (one.thread === undefined || one.thread === thread) && isAt(run, one.place, arrival, isNew),
    );
  }
}

function isAt(
  run: DebugRun,
  place: BreakpointPlace,
  { thread, ip }: Arrival,
  isNewOperation: boolean,
): boolean {
  switch (place.kind) {
    case 'address':
      return ip === place.address;
    case 'program':
      return isNewOperation && run.machine.programAt(ip)?.program.name === place.program;
    case 'line': {
      if (!isNewOperation) return false;
      const source = run.threads.find((known) => known.thread === thread)?.source;
      return source?.line === place.line && isFile(source.file, place.file);
    }
  }
}

/** Whether a path is that of a file as a person names it, by its last parts. */
function isFile(path: string, named: string): boolean {
  return path === named || path.endsWith(`/${named}`) || path.endsWith(`\\${named}`);
}
