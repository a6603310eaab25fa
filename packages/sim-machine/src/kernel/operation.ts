/**
 * A piece of a thread's program: a generator that yields whenever the machine has to decide.
 *
 * What it yields carries nothing; an operation is published in the thread's registers before the
 * yield. Write thread code as `function* (t: Thread): Operation<number> { ... yield* t.load(a) }`.
 */
export type Operation<Result> = Generator<undefined, Result, undefined>;
