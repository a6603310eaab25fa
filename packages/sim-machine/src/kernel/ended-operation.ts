import type { Operation } from './operation.js';

/**
 * An operation that has ended before `yield*` asks for its result.
 *
 * Creating a generator and running it through takes longer than most of what threads do. So where a
 * library has made its attempt when it is called, and that committed at once, it returns one of these;
 * otherwise a generator that does the rest. Such an operation begins with the call: it has to be asked
 * for by `yield*` there and then.
 *
 * It holds no state but its result: one can be returned to any number of callers.
 */
class EndedIterator<Result> {
  readonly #end: IteratorReturnResult<Result>;

  /** @param result what `yield*` evaluates to */
  constructor(result: Result) {
    this.#end = { done: true, value: result };
  }

  /** The result, whenever it is asked for. */
  next(): IteratorReturnResult<Result> {
    return this.#end;
  }

  /** Ends with another result, as a generator does. */
  return(value: Result): IteratorReturnResult<Result> {
    return { done: true, value };
  }

  /** Throws what it is given. */
  throw(error: unknown): IteratorReturnResult<Result> {
    throw error;
  }

  /** Itself. */
  [Symbol.iterator](): this {
    return this;
  }
}

/** An operation that has ended with a result. */
export function endedOperation<Result>(result: Result): Operation<Result> {
  return new EndedIterator(result);
}
