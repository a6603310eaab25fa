import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { fork, pthreadCreate } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../src/domain/rcu-token.js';
import type { ForkHandlers } from '../src/fork-handlers.js';
import type { RcuFlavour } from '../src/rcu-flavour.js';

const POISON = 0x5a5a5a5a;

/** A flavour that survives fork. */
export type Forkable = RcuFlavour & ForkHandlers;

/** The parts of a scenario in which a reader forks. */
export interface Forking {
  readonly make: (machine: Machine, process: Process) => Forkable;
  /** What the child does first; default what it has to. */
  readonly inChild?: (t: Thread, rcu: Forkable, section: RcuToken) => Operation<void>;
  /** Whether another thread of the parent is in a section, which the child must not wait for. */
  readonly besideReader?: boolean;
}

/**
 * A reader forks inside of its section. The child reads on, while another thread of the child replaces
 * what it reads, waits, and poisons the old.
 */
export function forkingReader(options: Forking): Scenario {
  const { make, inChild = handled } = options;
  return scenario({
    name: 'a reader that forks',
    machine: { cpus: 2, maxThreads: 5, maxProcesses: 2, kernel: [rseq()] },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { process } = lab;
      const rcu = make(lab.machine, process);
      const pointer = process.allocate(4);
      const [old, fresh] = [process.allocate(4), process.allocate(4)];
      const entered = process.allocate(4);
      process.write32(pointer, old);
      if (options.besideReader === true)
        lab.spawn(function* beside(t) {
          yield* rcu.registerThread(t);
          yield* rcu.readLock(t);
          yield* t.exchange(entered, 1);
        });
      else process.write32(entered, 1);
      lab.spawn(function* parent(t) {
        yield* rcu.registerThread(t);
        yield* t.waitUntilEqual(entered, 1);
        const section = yield* rcu.readLock(t);
        const target = yield* t.load(pointer);
        yield* rcu.beforeFork(t, [section]);
        const pid = yield* fork(t, function* child(c) {
          yield* inChild(c, rcu, section);
          yield* pthreadCreate(c, function* updater(u) {
            yield* u.storeRelease(pointer, fresh);
            yield* rcu.synchronize(u);
            yield* u.store(old, POISON);
            return 0;
          });
          const value = yield* c.load(target);
          lab.expect(value !== POISON, 'the child to see no freed memory', c);
          yield* rcu.readUnlock(c, section);
          yield* rcu.unregisterThread(c);
        });
        yield* rcu.afterForkParent(t, pid);
        yield* rcu.readUnlock(t, section);
        yield* rcu.unregisterThread(t);
      });
    },
  });
}

function handled(t: Thread, rcu: Forkable, section: RcuToken): Operation<void> {
  return rcu.afterForkChild(t, [section]);
}
