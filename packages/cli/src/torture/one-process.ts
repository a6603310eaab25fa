import { createLatch, sigaction } from '@rseqlab/sim-machine';
import type { Latch, Operation, Process, SeededDraw, Thread } from '@rseqlab/sim-machine';
import { RcuDomain } from '@rseqlab/urcu';
import { DEFERRED, DeferredTorture } from './deferred-torture.js';
import type { DeferredParts } from './deferred-torture.js';
import { ProtectedPointer, elementsOf } from './protected-pointer.js';
import { CHILD_UPDATES, TortureFork } from './torture-fork.js';
import type { TortureFlavour, TorturedRcu } from './torture-flavours.js';
import { TortureReader } from './torture-reader.js';
import type { TorturedDomain } from './torture-reader.js';
import { TortureRelay } from './torture-relay.js';
import type { TortureParts, TortureProgram } from './torture-run.js';
import { TORTURE_SIGNAL } from './torture-shape.js';
import type { TortureShape } from './torture-shape.js';
import type { TortureTally } from './torture-tally.js';
import { TortureUpdater } from './torture-updater.js';

/** Rounds of callbacks with a barrier behind. */
const BARRIERS = 2;

/**
 * Readers in one process follow a pointer while an updater replaces what it points to, in all ways that
 * there are, beside others who ask for grace periods, defer, fork and interrupt.
 *
 * @param deferred for tests: deferred work that is broken
 * @source linux, kernel/rcu/rcutorture.c
 */
export function oneProcess(
  flavour: TortureFlavour,
  deferred: DeferredParts = DEFERRED,
): TortureProgram {
  return {
    machine: ({ events }) => ({ events, kernel: flavour.kernel, maxProcesses: 2 }),
    begin(parts) {
      const torture = new OneProcess(flavour, parts, deferred);
      return () => {
        torture.checkEnd();
      };
    },
  };
}

/** The threads of one execution. What they count beside simulated memory decides nothing. */
class OneProcess {
  readonly #process: Process;
  readonly #shape: TortureShape;
  readonly #draw: SeededDraw;
  readonly #tally: TortureTally;
  readonly #domains: [TorturedDomain & { rcu: TorturedRcu }, ...TorturedDomain[]];
  readonly #deferred: DeferredTorture;
  readonly #registersItself: boolean;
  /** Threads whose signal handlers may read. */
  readonly #registered = new Set<number>();
  readonly #threads: [string, (t: Thread) => Operation<unknown>][] = [];

  constructor(
    flavour: TortureFlavour,
    { machine, shape, draw, tally }: TortureParts,
    deferred: DeferredParts,
  ) {
    const process = machine.createProcess('torture');
    this.#process = process;
    this.#registersItself = flavour.registersItself ?? false;
    this.#shape = shape;
    this.#draw = draw;
    this.#tally = tally;
    const rcu = flavour.make(machine, process, shape.attempts);
    const pointer = ProtectedPointer.create(process, shape.updates);
    this.#domains = [{ rcu, pointer }];
    if (shape.hasSecondDomain && rcu instanceof RcuDomain)
      this.#domains.push({
        rcu: flavour.make(machine, process, shape.attempts),
        pointer: ProtectedPointer.create(process, shape.updates),
      });
    this.#deferred = new DeferredTorture(machine, process, rcu, pointer, shape, tally, deferred);
    this.#plan(flavour);
    const done = createLatch(process, this.#threads.length);
    for (const [name, body] of this.#threads)
      process.spawn((t) => this.#beside(t, body, done), { name });
    process.spawn((t) => this.#main(t, done), { name: 'main' });
  }

  /** Says what is wrong at the end of an execution in which every thread has ended. */
  checkEnd(): void {
    for (const { rcu } of this.#domains)
      if (rcu instanceof RcuDomain && rcu.activeReaders().some((readers) => readers !== 0))
        this.#tally.complain(
          `expected no reader to be counted in the end, got ${rcu.activeReaders().join(' and ')}`,
        );
  }

  #plan(flavour: TortureFlavour): void {
    const shape = this.#shape;
    const [{ rcu, pointer }] = this.#domains;
    for (let n = 0; n < shape.readers; n++)
      this.#threads.push([`reader ${n}`, (t) => this.#reader(flavour).read(t, shape.sections)]);
    for (const [n, domain] of this.#domains.entries())
      this.#threads.push([
        `updater ${n}`,
        (t) => this.#updater(domain, n === 0).update(t, domain.pointer, shape.updates),
      ]);
    this.#threads.push(['waiter', (t) => this.#updater(this.#domains[0], true).waitOften(t, 3)]);
    if (shape.defers) this.#threads.push(['barriers', (t) => this.#barriers(t)]);
    if (shape.forks) this.#threads.push(['forker', (t) => this.#forker().run(t)]);
    if (shape.handsOver && rcu instanceof RcuDomain) {
      const relay = new TortureRelay(this.#process, rcu, pointer, this.#tally, 3);
      this.#threads.push(['giver', (t) => relay.give(t)], ['taker', (t) => relay.take(t)]);
    }
  }

  *#beside(t: Thread, body: (t: Thread) => Operation<unknown>, done: Latch): Operation<void> {
    yield* body(t);
    yield* done.arrive(t);
  }

  /** Handles signals from here on, and ends what others have deferred. */
  *#main(t: Thread, done: Latch): Operation<void> {
    if (this.#shape.handlesSignals) yield* sigaction(t, TORTURE_SIGNAL, (h) => this.#handle(h));
    yield* done.wait(t);
    yield* this.#deferred.end(t);
  }

  *#handle(t: Thread): Operation<void> {
    if (!this.#registered.has(t.id)) return;
    yield* this.#reader(undefined).section(t, this.#domains[0]);
    this.#tally.deeds['in signal handlers'] += 1;
  }

  *#barriers(t: Thread): Operation<void> {
    for (let round = 0; round < BARRIERS; round++) yield* this.#deferred.barrier(t, round);
  }

  #reader(flavour: TortureFlavour | undefined): TortureReader {
    return new TortureReader({
      domains: this.#domains,
      // A child may be forked while its parent holds the lock of polls; see `DeferredTorture.withoutForks`.
      polls: this.#shape.forks ? undefined : this.#deferred.polls,
      fuses: this.#fuses,
      registersItself: this.#registersItself,
      tally: this.#tally,
      draw: this.#draw,
      registered: this.#register,
      ...(flavour?.between && { between: flavour.between }),
    });
  }

  #updater({ rcu }: TorturedDomain, isFirst: boolean): TortureUpdater {
    const deferred = isFirst ? this.#deferred : undefined;
    return new TortureUpdater({ rcu, deferred, tally: this.#tally, draw: this.#draw });
  }

  #forker(): TortureFork {
    const [{ rcu, pointer }] = this.#domains;
    return new TortureFork({
      rcu,
      pointer,
      deferred: this.#deferred,
      fuses: this.#fuses,
      registersItself: this.#registersItself,
      elements: elementsOf(this.#process, CHILD_UPDATES),
      tally: this.#tally,
      draw: this.#draw,
      registered: this.#register,
    });
  }

  get #fuses(): boolean {
    return !(this.#domains[0].rcu instanceof RcuDomain);
  }

  readonly #register = (t: Thread, isRegistered: boolean): void => {
    if (isRegistered) this.#registered.add(t.id);
    else this.#registered.delete(t.id);
  };
}
