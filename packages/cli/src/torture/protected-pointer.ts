import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { RCU_HEAD_BYTES } from '@rseqlab/urcu';
import { AGES } from './torture-tally.js';

/** In an element: its age, then the head that it is deferred by. */
const HEAD = 16;
const ELEMENT_BYTES = HEAD + Math.max(RCU_HEAD_BYTES, 48);

/** What runs memory out for: elements that are not used again. */
export interface Memory {
  allocate(bytes: number): number;
}

/**
 * A pointer that readers follow and one updater changes. What it pointed to grows older with each grace
 * period since: 1 when it is replaced, 2 when a grace period has passed, which no reader may see.
 *
 * @source linux, kernel/rcu/rcutorture.c (rcu_torture_pipe_update)
 */
export class ProtectedPointer {
  /** Address of the pointer. */
  readonly address: number;
  readonly #unused: number[];
  #replaced: number[] = [];

  /** @param elements that the pointer can be changed to, one after the other */
  constructor(address: number, elements: readonly number[]) {
    this.address = address;
    this.#unused = [...elements];
  }

  /** A pointer in fresh memory, which points to an element. */
  static create(process: Process, updates: number): ProtectedPointer {
    const address = process.allocate(4);
    const [first, ...others] = elementsOf(process, updates + 1) as [number, ...number[]];
    process.write32(address, first);
    return new ProtectedPointer(address, others);
  }

  /** The element that the pointer points to; in a read section. */
  dereference(t: Thread): Operation<number> {
    return t.dereference(this.address);
  }

  /** How old an element is that was dereferenced. */
  ageOf(t: Thread, element: number): Operation<number> {
    return t.loadDependent(element);
  }

  /** Has the pointer point to a fresh element. @returns the one that it pointed to */
  *replace(t: Thread): Operation<number> {
    const old = yield* t.load(this.address);
    yield* t.storeRelease(this.address, this.#unused.shift()!);
    yield* t.store(old, 1);
    return old;
  }

  /** Has {@link growOlder} age an element with all others that it is given. */
  retire(element: number): void {
    this.#replaced.push(element);
  }

  /** A grace period has passed behind all that were retired. */
  *growOlder(t: Thread): Operation<void> {
    const left: number[] = [];
    for (const element of this.#replaced)
      if ((yield* this.age(t, element)) < AGES) left.push(element);
    this.#replaced = left;
  }

  /** A grace period has passed behind one element. @returns its age */
  *age(t: Thread, element: number): Operation<number> {
    const age = (yield* t.load(element)) + 1;
    yield* t.store(element, age);
    return age;
  }

  /** Where an element's head is. */
  static headOf(element: number): number {
    return element + HEAD;
  }

  /** The element of a head. */
  static elementOf(head: number): number {
    return head - HEAD;
  }
}

/** Elements of age 0. */
export function elementsOf(memory: Memory, count: number): readonly number[] {
  return Array.from({ length: count }, () => memory.allocate(ELEMENT_BYTES));
}
