import { endedOperation } from '@rseqlab/sim-machine';
import type { Machine, Operation, Routine, Thread } from '@rseqlab/sim-machine';
import type { IndexKind } from '../index-kind.js';
import { expectIndex } from '../current-index.js';
import { installSections } from '../install-sections.js';
import { COMMITTED, COMPARE_FAILED } from './primitive-definition.js';
import type { CommitOrder, PrimitiveDefinition } from './primitive-definition.js';
import { PrimitiveOutcome } from './primitive-outcome.js';
import type { PrimitiveResult } from './primitive-outcome.js';
import { PRIMITIVE_ENTRY, primitiveProgram } from './primitive-program.js';

/** Register with what a primitive loaded for its caller. */
const LOADED = 9;

/** An attempt that was aborted, for who can do it in another way. */
export interface PrimitiveAttempt {
  readonly definition: PrimitiveDefinition;
  readonly order: CommitOrder;
  readonly index: IndexKind;
  /** One for each parameter of the definition. */
  readonly args: readonly number[];
}

/**
 * Does an aborted attempt in another way than by a section; for the index among its arguments,
 * wherever the thread is by now. Called by the thread itself.
 */
export type PrimitiveFallback = (
  t: Thread,
  attempt: PrimitiveAttempt,
) => Operation<PrimitiveResult>;

/** Order, index and fallback of primitives; all have defaults. */
export interface PrimitiveOptions {
  /** Default `cpu_id`. */
  readonly index?: IndexKind;
  /** Order of the committing store; default `relaxed`. */
  readonly order?: CommitOrder;
  /** What {@link Primitive.run} calls when an attempt was aborted; default nothing. */
  readonly fallback?: PrimitiveFallback;
}

/** What primitives take: up to six words. */
export type PrimitiveArguments = [
  a1?: number,
  a2?: number,
  a3?: number,
  a4?: number,
  a5?: number,
  a6?: number,
];

/** A primitive that is installed on a machine. */
export interface Primitive<Args extends PrimitiveArguments> {
  /** What it means. */
  readonly definition: PrimitiveDefinition;
  /**
   * Makes one attempt, the fast way: `if (!addv.start(t, v, 1, cpu)) yield; ... t.result`, which is a
   * {@link PrimitiveOutcome}.
   */
  start(t: Thread, ...args: Args): boolean;
  /** What the attempt that committed has loaded for its caller; valid after the outcome was read. */
  loaded(t: Thread): number;
  /**
   * Makes one attempt; if it is aborted and there is a fallback, returns what that says.
   *
   * The attempt begins with the call: `yield*` it there and then.
   *
   * @throws RuntimeError `ERR_UNREGISTERED` when it was aborted, there is no fallback, and the thread
   *   has no such index
   */
  run(t: Thread, ...args: Args): Operation<PrimitiveResult>;
}

/** What {@link Primitive.run} returns where a commit loads nothing. */
const COMMITTED_AT_ONCE = endedOperation(COMMITTED);

/** What {@link Primitive.run} returns where a compare said no. */
const COMPARE_FAILED_AT_ONCE = endedOperation(COMPARE_FAILED);

/** {@link Primitive}, whatever its parameters are. */
export class SectionPrimitive {
  readonly definition: PrimitiveDefinition;
  readonly #order: CommitOrder;
  readonly #index: IndexKind;
  readonly #fallback: PrimitiveFallback | undefined;
  readonly #attempt: Routine;
  /** Whether it has more arguments than `exec` takes. */
  readonly #isLong: boolean;

  /** Installs the primitive; before the threads that use it run. */
  constructor(machine: Machine, definition: PrimitiveDefinition, options: PrimitiveOptions = {}) {
    const { index = 'cpu_id', order = 'relaxed', fallback } = options;
    this.definition = definition;
    this.#isLong = definition.parameters.length > 4;
    this.#order = order;
    this.#index = index;
    this.#fallback = fallback;
    const program = primitiveProgram(definition, order, index);
    this.#attempt = installSections(machine, program).routine(PRIMITIVE_ENTRY);
  }

  /** See {@link Primitive.start}. */
  start(t: Thread, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0): boolean {
    if (this.#isLong) t.pass(a5, a6);
    return t.exec(this.#attempt, a1, a2, a3, a4);
  }

  /** See {@link Primitive.loaded}. */
  loaded(t: Thread): number {
    return t.register(LOADED);
  }

  /** See {@link Primitive.run}. */
  run(t: Thread, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0): Operation<PrimitiveResult> {
    if (!this.start(t, a1, a2, a3, a4, a5, a6)) return this.#finish(t, [a1, a2, a3, a4, a5, a6]);
    const outcome = t.result as PrimitiveOutcome;
    if (outcome === PrimitiveOutcome.Aborted) return this.#aborted(t, [a1, a2, a3, a4, a5, a6]);
    return this.#ended(t, outcome);
  }

  *#finish(t: Thread, args: readonly number[]): Operation<PrimitiveResult> {
    yield;
    const outcome = t.result as PrimitiveOutcome;
    if (outcome === PrimitiveOutcome.Aborted) return yield* this.#aborted(t, args);
    return yield* this.#ended(t, outcome);
  }

  #ended(t: Thread, outcome: PrimitiveOutcome): Operation<PrimitiveResult> {
    if (outcome !== PrimitiveOutcome.Committed) return COMPARE_FAILED_AT_ONCE;
    if (!this.definition.loads) return COMMITTED_AT_ONCE;
    return endedOperation<PrimitiveResult>({ outcome, loaded: this.loaded(t) });
  }

  *#aborted(t: Thread, args: readonly number[]): Operation<PrimitiveResult> {
    const { definition } = this;
    if (this.#fallback === undefined) {
      yield* expectIndex(t, this.#index);
      return { outcome: PrimitiveOutcome.Aborted, loaded: 0 };
    }
    return yield* this.#fallback(t, {
      definition,
      order: this.#order,
      index: this.#index,
      args: args.slice(0, definition.parameters.length),
    });
  }
}
