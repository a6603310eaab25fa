import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/** An operation of a structure as a history has it. */
export interface Call {
  readonly name: string;
  readonly argument: number;
  readonly result: number;
  /** Ticks of the history's clock at invocation and response. */
  readonly from: number;
  readonly to: number;
}

/** What a structure does when one operation comes after the other. */
export interface SequentialModel<State> {
  readonly initial: State;
  /** The result of an operation and the state behind it. */
  apply(state: State, name: string, argument: number): readonly [result: number, next: State];
}

/** A call is one word: both ticks, and of the result and of the argument what tells nodes apart. */
const CALL_BYTES = 4;
const FROM_SHIFT = 24;
const TO_SHIFT = 16;
const TICK_MASK = 0xff;
const VALUE_MASK = 0xffff;

/**
 * Takes down when operations begin and end, in simulated memory: the clock is a word that every
 * invocation and response counts up, so that a search tells paths with different histories apart.
 *
 * Of addresses the lower half is kept: a word for a call makes the fewest states.
 */
export class History {
  readonly #process: Process;
  readonly #clock: number;
  readonly #calls: number;
  readonly #names: (readonly [name: string, argument: number])[] = [];

  constructor(process: Process, capacity: number) {
    this.#process = process;
    this.#clock = process.allocate(4);
    this.#calls = process.allocate(capacity * CALL_BYTES);
  }

  /** An operation that will be in the history; to be made by exactly one thread, once. */
  call(
    name: string,
    argument: number,
    body: (t: Thread) => Operation<number>,
  ): (t: Thread) => Operation<number> {
    const at = this.#calls + this.#names.length * CALL_BYTES;
    this.#names.push([name, argument & VALUE_MASK]);
    const clock = this.#clock;
    return function* recorded(t) {
      const from = yield* t.fetchAdd(clock, 1);
      const result = yield* body(t);
      const to = yield* t.fetchAdd(clock, 1);
      yield* t.store(at, (from << FROM_SHIFT) | (to << TO_SHIFT) | (result & VALUE_MASK));
      return result;
    };
  }

  /** The history, when all threads have ended. */
  calls(): Call[] {
    return this.#names.map(([name, argument], n) => {
      const word = this.#process.read32(this.#calls + n * CALL_BYTES);
      const from = (word >>> FROM_SHIFT) & TICK_MASK;
      const to = (word >>> TO_SHIFT) & TICK_MASK;
      return { name, argument, result: word & VALUE_MASK, from, to };
    });
  }
}

/**
 * Whether the operations could have been made one after the other, each somewhere between its
 * invocation and its response, with these results.
 *
 * @source Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent Objects", 1990
 */
export function isLinearizable<State>(
  calls: readonly Call[],
  model: SequentialModel<State>,
): boolean {
  return canOrder(calls, model, model.initial);
}

function canOrder<State>(
  left: readonly Call[],
  model: SequentialModel<State>,
  state: State,
): boolean {
  if (left.length === 0) return true;
  const firstResponse = Math.min(...left.map(({ to }) => to));
  return left.some((call) => {
    if (call.from > firstResponse) return false;
    const [result, next] = model.apply(state, call.name, call.argument);
    return (
      result === call.result &&
      canOrder(
        left.filter((other) => other !== call),
        model,
        next,
      )
    );
  });
}

/** An operation that was made, and what it returned. */
export type Done = Pick<Call, 'name' | 'argument' | 'result'>;

/** What was done by nobody beside others, before and behind, and what each of several threads did in between. */
export interface DoneByThreads {
  readonly before: readonly Done[];
  readonly threads: readonly (readonly Done[])[];
  readonly behind: readonly Done[];
}

/**
 * Whether the operations could have been made one after the other, those of each thread in its order, with these
 * results: what {@link isLinearizable} says where nobody knows what came first of two threads.
 *
 * @source Lamport, "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs", 1979
 */
export function isSequential<State>(
  { before, threads, behind }: DoneByThreads,
  model: SequentialModel<State>,
): boolean {
  const from = (state: State, left: DoneByThreads['threads']): boolean =>
    left.every((own) => own.length === 0)
      ? afterAll(state, behind, model) !== undefined
      : left.some(([call, ...later], thread) => {
          const next = call && afterAll(state, [call], model);
          return (
            next !== undefined &&
            from(
              next.state,
              left.map((own, n) => (n === thread ? later : own)),
            )
          );
        });
  const start = afterAll(model.initial, before, model);
  return start !== undefined && from(start.state, threads);
}

/** The state behind operations that come one after the other; undefined where one returns something else. */
function afterAll<State>(
  state: State,
  calls: readonly Done[],
  model: SequentialModel<State>,
): { readonly state: State } | undefined {
  for (const { name, argument, result } of calls) {
    const [expected, next] = model.apply(state, name, argument);
    if (expected !== result) return undefined;
    state = next;
  }
  return { state };
}

/**
 * A list of numbers that grows and shrinks at the given ends.
 *
 * @param tellsEmpty whether a put returns if there was something before; else it returns 0
 */
export function sequence(
  takes: 'oldest' | 'newest',
  tellsEmpty = true,
): SequentialModel<readonly number[]> {
  return {
    initial: [],
    apply(state, name, argument) {
      if (name === 'put') return [tellsEmpty && state.length > 0 ? 1 : 0, [...state, argument]];
      const at = takes === 'oldest' ? 0 : state.length - 1;
      const taken = state[at];
      return taken === undefined ? [0, state] : [taken, state.filter((_, n) => n !== at)];
    },
  };
}

/** A set: what is added and deleted is told whether that changed anything, `has` whether it is there. */
export const members: SequentialModel<readonly number[]> = {
  initial: [],
  apply(state, name, argument) {
    const isThere = state.includes(argument);
    if (name === 'has') return [Number(isThere), state];
    if (name === 'add') return [Number(!isThere), isThere ? state : [...state, argument]];
    return [Number(isThere), state.filter((member) => member !== argument)];
  },
};

/** A set of at most one member at a time, which `replace` puts another one in the place of: it returns the old one. */
export const oneMember: SequentialModel<readonly number[]> = {
  initial: [],
  apply(state, name, argument) {
    if (name !== 'replace') return members.apply(state, name, argument);
    return [state[0] ?? 0, [argument]];
  },
};

/**
 * Two queues: `put` is to the first, `splice` moves all of it to the end of the second, `take` is from there.
 *
 * What is in the second has a minus in front of it.
 */
export const spliced: SequentialModel<readonly number[]> = {
  initial: [],
  apply(state, name, argument) {
    const [from, to] = [state.filter((node) => node > 0), state.filter((node) => node < 0)];
    if (name === 'put') return [Number(from.length > 0), [...state, argument]];
    if (name === 'splice') return [Number(from.length > 0), [...to, ...from.map((node) => -node)]];
    const [taken = 0, ...left] = to;
    return [Math.abs(taken), [...left, ...from]];
  },
};
