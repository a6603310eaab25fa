import type { Operation } from '@rseqlab/sim-machine';

/**
 * An operation that began when it was called: it has ended, or goes on by another one.
 *
 * V8 puts a callee into its caller where it has met one only: whatever has become of an operation, `yield*` calls the
 * methods of this class. Who returns one asks for it by `yield*` there and then; see `endedOperation`.
 */
class CalledOperation<Result> {
  readonly #end: IteratorReturnResult<Result>;
  readonly #rest: Operation<Result> | undefined;

  constructor(end: IteratorReturnResult<Result>, rest: Operation<Result> | undefined) {
    this.#end = end;
    this.#rest = rest;
  }

  /** The result, whenever it is asked for; or one step further. */
  next(): IteratorResult<undefined, Result> {
    return this.#rest === undefined ? this.#end : this.#rest.next();
  }

  /** Ends with another result, as a generator does. */
  return(value: Result): IteratorResult<undefined, Result> {
    return this.#rest === undefined ? { done: true, value } : this.#rest.return(value);
  }

  /** Throws what it is given, into what goes on where something does. */
  throw(error: unknown): IteratorResult<undefined, Result> {
    if (this.#rest === undefined) throw error;
    return this.#rest.throw(error);
  }

  /** Itself. */
  [Symbol.iterator](): this {
    return this;
  }
}

/** An operation that has ended with the call; one can be returned to any number of callers. */
export function ended<Result>(result: Result): Operation<Result> {
  return new CalledOperation({ done: true, value: result }, undefined);
}

/** The rest of an operation that does not end with the call. */
export function restOf<Result>(rest: Operation<Result>): Operation<Result> {
  return new CalledOperation(UNUSED as IteratorReturnResult<Result>, rest);
}

const UNUSED: IteratorReturnResult<unknown> = { done: true, value: undefined };

/** The rest of an operation that has yielded once. */
export function* restOfBegun<Result>(operation: Operation<Result>): Operation<Result> {
  for (;;) {
    yield;
    const { done, value } = operation.next();
    if (done === true) return value;
  }
}
