import type { Operation } from '@rseqlab/sim-machine';

/**
 * The rest of an operation that does not end with the call.
 *
 * V8 has a kind of object for each generator function, and makes good code where it has met few kinds: callers
 * meet this one, whatever is left to do.
 */
export function* restOf<Result>(rest: Operation<Result>): Operation<Result> {
  return yield* rest;
}

/** The rest of an operation that has yielded once. */
export function* restOfBegun<Result>(operation: Operation<Result>): Operation<Result> {
  for (;;) {
    yield;
    const { done, value } = operation.next();
    if (done === true) return value;
  }
}
