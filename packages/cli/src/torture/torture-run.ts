import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector, SeededDraw } from '@rseqlab/sim-machine';
import type { MemoryModelName, Process, Thread, Operation } from '@rseqlab/sim-machine';
import type { RcuFlavour, RcuToken } from '@rseqlab/urcu';
import type { TortureFlavour } from './torture-flavours.js';

/** Ages that are told apart; an element of the last one is used again. */
export const AGES = 10;

/** An element that a reader may see: the present one, or one whose grace period has not passed. */
export const OLDEST_RIGHT = 1;

/** Decisions after which a run is taken for stuck. */
const MOST_DECISIONS = 200_000;

/** What came of one execution. */
export interface TortureRun {
  /** How often a reader saw an element of each age, in grace periods since it was replaced. */
  readonly ages: readonly number[];
  readonly gracePeriods: number;
  /** Why it did not end, if it did not: `deadlock`, `limit`, or what a library complained of. */
  readonly stuck?: string;
}

interface Shape {
  readonly cpus: number;
  readonly readers: number;
  readonly sections: number;
  readonly updates: number;
}

/**
 * One execution, from one seed: readers follow a pointer while an updater replaces what it points to,
 * and another asks for grace periods. A replaced element grows older with each grace period of the
 * updater.
 *
 * @source linux, kernel/rcu/rcutorture.c (rcu_torture_writer, rcu_torture_one_read)
 */
export function tortureRun(
  make: TortureFlavour,
  seed: number,
  memory: MemoryModelName,
): TortureRun {
  const draw = new SeededDraw(seed);
  const shape: Shape = {
    cpus: 1 + draw.below(4),
    readers: 1 + draw.below(4),
    sections: 5 + draw.below(16),
    updates: 5 + draw.below(11),
  };
  const machine = new Machine(
    {
      cpus: shape.cpus,
      memory,
      kernel: [rseq()],
      events: { spuriousWakes: true },
      maxThreads: shape.readers + 2,
      memoryBytes: 1 << 22,
    },
    new RandomDirector({ seed }),
  );
  const process = machine.createProcess('torture');
  const torture = new Torture(process, make(machine, process), shape);
  try {
    const { outcome } = machine.run({ decisions: MOST_DECISIONS });
    return torture.result(outcome === 'finished' ? undefined : outcome);
  } catch (error) {
    return torture.result(error instanceof Error ? error.message : String(error));
  }
}

/** The threads of one execution. What they count beside simulated memory decides nothing. */
class Torture {
  readonly #rcu: RcuFlavour;
  readonly #shape: Shape;
  readonly #pointer: number;
  readonly #elements: readonly number[];
  readonly #ages = new Array<number>(AGES + 1).fill(0);
  #gracePeriods = 0;

  constructor(process: Process, rcu: RcuFlavour, shape: Shape) {
    this.#rcu = rcu;
    this.#shape = shape;
    this.#pointer = process.allocate(4);
    this.#elements = Array.from({ length: AGES + 2 }, () => process.allocate(64));
    process.write32(this.#pointer, this.#elements[0]!);
    for (let n = 0; n < shape.readers; n++)
      process.spawn((t) => this.#read(t, n), { name: `reader ${n}` });
    process.spawn((t) => this.#update(t), { name: 'updater' });
    process.spawn((t) => this.#synchronizeOften(t), { name: 'second updater' });
  }

  result(stuck: string | undefined): TortureRun {
    const counts = { ages: this.#ages, gracePeriods: this.#gracePeriods };
    return stuck === undefined ? counts : { ...counts, stuck };
  }

  *#read(t: Thread, reader: number): Operation<void> {
    const rcu = this.#rcu;
    yield* rcu.registerThread(t);
    for (let section = 0; section < this.#shape.sections; section++) {
      const token = yield* rcu.readLock(t);
      const element = yield* t.dereference(this.#pointer);
      if ((section + reader) % 3 === 0) yield* this.#passThrough(t);
      for (let n = (section * 7 + reader) % 5; n > 0; n--) yield* t.load(this.#pointer);
      const age = yield* t.loadDependent(element);
      this.#ages[Math.min(age, AGES)]! += 1;
      yield* rcu.readUnlock(t, token);
      yield* rcu.quiescentState(t);
    }
    yield* rcu.threadOffline(t);
    yield* rcu.unregisterThread(t);
  }

  /** A section inside of another. */
  *#passThrough(t: Thread): Operation<void> {
    const inner: RcuToken = yield* this.#rcu.readLock(t);
    yield* this.#rcu.readUnlock(t, inner);
  }

  *#update(t: Thread): Operation<void> {
    const free = this.#elements.slice(1);
    let current = this.#elements[0]!;
    let replaced: number[] = [];
    for (let update = 0; update < this.#shape.updates; update++) {
      const fresh = free.shift()!;
      yield* t.store(fresh, 0);
      yield* t.storeRelease(this.#pointer, fresh);
      yield* t.store(current, 1);
      replaced.push(current);
      current = fresh;
      yield* this.#rcu.synchronize(t);
      this.#gracePeriods += 1;
      const older: number[] = [];
      for (const element of replaced) {
        const age = (yield* t.load(element)) + 1;
        yield* t.store(element, age);
        (age < AGES ? older : free).push(element);
      }
      replaced = older;
    }
  }

  *#synchronizeOften(t: Thread): Operation<void> {
    for (let n = 0; n < this.#shape.updates; n++) {
      yield* this.#rcu.synchronize(t);
      this.#gracePeriods += 1;
    }
  }
}
