import type { RcuEnvironment } from '@rseqlab/explorer';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuDomain, RcuToken } from '@rseqlab/urcu';

/** A domain of the library as SRCU has it: a section's index is its token, and misuse is told. */
export class SrcuDomain {
  readonly #environment: RcuEnvironment;
  readonly #domain: RcuDomain;
  /** By thread: the tokens of the sections that only it may end. */
  readonly #own: number[][];
  /** Tokens of sections that any thread may end, each with the thread that began it. */
  readonly #handed: { readonly token: number; readonly thread: number }[] = [];

  constructor(environment: RcuEnvironment, domain: RcuDomain) {
    this.#environment = environment;
    this.#domain = domain;
    this.#own = Array.from({ length: environment.threads }, () => []);
  }

  /** Begins a section and returns its index. */
  *readLock(t: Thread): Operation<number> {
    const token = yield* this.#domain.readLock(t);
    this.#own[t.id]!.push(token);
    return token;
  }

  /** Ends a section of the caller with this index. */
  *readUnlock(t: Thread, index: number): Operation<void> {
    const own = this.#own[t.id]!;
    const at = own.lastIndexOf(index);
    if (at < 0) {
      this.#environment.misuse(t, 'srcu-bad-nesting');
      return;
    }
    own.splice(at, 1);
    yield* this.#domain.readUnlock(t, index as RcuToken);
  }

  /** Begins a section that any thread may end. */
  *downRead(t: Thread): Operation<number> {
    const token = yield* this.#domain.readLock(t);
    this.#handed.push({ token, thread: t.id });
    return token;
  }

  /** Ends a section that {@link downRead} began. */
  *upRead(t: Thread, index: number): Operation<void> {
    const at = this.#handed.findIndex(({ token }) => token === index);
    if (at < 0) {
      this.#environment.misuse(t, 'srcu-bad-nesting');
      return;
    }
    this.#handed.splice(at, 1);
    yield* this.#domain.readUnlock(t, index as RcuToken);
  }

  /** Waits for the readers of the domain. */
  *synchronize(t: Thread): Operation<void> {
    const environment = this.#environment;
    environment.waits(t, () => this.#insiders());
    yield* this.#domain.synchronize(t);
    environment.goesOn(t);
  }

  /** Whether a thread is inside of a section that only it may end. */
  isInside(thread: number): boolean {
    return this.#own[thread]!.length > 0;
  }

  #insiders(): readonly number[] {
    const threads = [...this.#own.keys()];
    return threads.filter(
      (thread) =>
        this.isInside(thread) || this.#handed.some((section) => section.thread === thread),
    );
  }
}
