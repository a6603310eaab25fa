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

const CALL_BYTES = 16;

/**
 * Takes down when operations begin and end, in simulated memory: the clock is a word that every
 * invocation and response counts up, so that a search tells paths with different histories apart.
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
    this.#names.push([name, argument]);
    const clock = this.#clock;
    return function* recorded(t) {
      yield* t.store(at, yield* t.fetchAdd(clock, 1));
      const result = yield* body(t);
      yield* t.store(at + 4, result);
      yield* t.store(at + 8, yield* t.fetchAdd(clock, 1));
      return result;
    };
  }

  /** The history, when all threads have ended. */
  calls(): Call[] {
    return this.#names.map(([name, argument], n) => {
      const at = this.#calls + n * CALL_BYTES;
      const [from, result, to] = [0, 4, 8].map((offset) => this.#process.read32(at + offset)) as [
        number,
        number,
        number,
      ];
      return { name, argument, result, from, to };
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
