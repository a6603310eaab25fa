import type { Access, Outcome, Program } from './straight-line.js';

/** What every interleaving of a program comes to, found without the machine and without the search. */
export interface Enumeration {
  /** How many graphs of reads-from and coherence there are. */
  readonly classes: number;
  readonly outcomes: ReadonlySet<Outcome>;
}

/** Single accesses that an operation of a program consists of. */
type Micro =
  | { readonly kind: 'load'; readonly x: number }
  | {
      readonly kind: 'store';
      readonly x: number;
      readonly value: (loaded: readonly number[]) => number;
    }
  | { readonly kind: 'fetchAdd'; readonly x: number };

interface Write {
  readonly writer: string;
  readonly value: number;
}

interface Buffered extends Write {
  readonly x: number;
}

interface State {
  readonly positions: number[];
  readonly loaded: number[][];
  readonly readsFrom: string[][];
  /** By location, oldest first. */
  readonly writes: Write[][];
  readonly buffers: Buffered[][];
}

const last = (values: readonly number[], back = 1): number => values[values.length - back]!;

function microsOf(access: Access): Micro[] {
  const { x } = access;
  switch (access.kind) {
    case 'load':
      return [{ kind: 'load', x }];
    case 'store':
      return [{ kind: 'store', x, value: () => access.value }];
    case 'increment':
      return [
        { kind: 'load', x },
        { kind: 'store', x, value: (loaded) => last(loaded) + 1 },
      ];
    case 'accumulate':
      return [
        { kind: 'load', x },
        { kind: 'load', x: access.y },
        { kind: 'store', x, value: (loaded) => last(loaded) + last(loaded, 2) },
      ];
    case 'fetchAdd':
      return [{ kind: 'fetchAdd', x }];
  }
}

function copy(state: State): State {
  return structuredClone(state);
}

/** Enumerates every interleaving, and under `tso` every moment at which a store leaves its buffer. */
export function enumerate(program: Program, memory: 'sc' | 'tso'): Enumeration {
  const threads = program.map((accesses) => accesses.flatMap(microsOf));
  const locations = Math.max(
    ...program
      .flat()
      .map((access) => (access.kind === 'accumulate' ? Math.max(access.x, access.y) : access.x)),
    0,
  );
  const graphs = new Set<string>();
  const outcomes = new Set<Outcome>();
  const seen = new Set<string>();
  visit({
    positions: threads.map(() => 0),
    loaded: threads.map(() => []),
    readsFrom: threads.map(() => []),
    writes: Array.from({ length: locations + 1 }, () => [{ writer: 'initial', value: 0 }]),
    buffers: threads.map(() => []),
  });
  return { classes: graphs.size, outcomes };

  function visit(state: State): void {
    const key = JSON.stringify(state);
    if (seen.has(key)) return;
    seen.add(key);
    let isOver = true;
    threads.forEach((micros, thread) => {
      if (state.buffers[thread]!.length > 0) {
        isOver = false;
        const next = copy(state);
        drain(next, thread);
        visit(next);
      }
      const micro = micros[state.positions[thread]!];
      if (micro === undefined) return;
      isOver = false;
      const next = copy(state);
      execute(next, thread, micro);
      visit(next);
    });
    if (isOver) finish(state);
  }

  function drain(state: State, thread: number): void {
    const { x, writer, value } = state.buffers[thread]!.shift()!;
    state.writes[x]!.push({ writer, value });
  }

  function execute(state: State, thread: number, micro: Micro): void {
    const position = state.positions[thread]!++;
    const writer = `${thread}.${position}`;
    const { x } = micro;
    const buffer = state.buffers[thread]!;
    if (micro.kind === 'store') {
      const value = micro.value(state.loaded[thread]!) | 0;
      if (memory === 'tso') buffer.push({ x, writer, value });
      else state.writes[x]!.push({ writer, value });
      return;
    }
    if (micro.kind === 'fetchAdd') while (buffer.length > 0) drain(state, thread);
    const own = buffer.filter((write) => write.x === x).at(-1);
    const found = own ?? state.writes[x]!.at(-1)!;
    state.loaded[thread]!.push(found.value);
    state.readsFrom[thread]!.push(found.writer);
    if (micro.kind === 'fetchAdd') state.writes[x]!.push({ writer, value: (found.value + 1) | 0 });
  }

  function finish({ loaded, readsFrom, writes }: State): void {
    const coherence = writes.map((list) => list.map(({ writer }) => writer));
    graphs.add(JSON.stringify([readsFrom, coherence]));
    const values = writes.map((list) => list.at(-1)!.value);
    outcomes.add(`${loaded.map((list) => list.join(' ')).join(' | ')} ; ${values.join(' ')}`);
  }
}
