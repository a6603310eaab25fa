import { scenario } from '@rseqlab/explorer';
import type { Lab, Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { fork, nanosleep, waitpid } from '@rseqlab/sim-machine';
import type { Process } from '@rseqlab/sim-machine';
import type { RegionTerms } from '../../src/processes/region-header.js';
import { SharedRcuDomain } from '../../src/processes/shared-rcu-domain.js';
import type { SharedVariant } from '../../src/processes/shared-rcu-domain.js';

/** A value that no reader may see: what freed memory is filled with. */
const POISON = 0x5a5a5a5a;

const SLOTS = 3;

/** Offsets in the data that processes share: a pointer, and what it points to before and after. */
const Data = { pointer: 0, old: 64, fresh: 128, bytes: 192 } as const;

/** How processes come by a domain. */
export interface Membership {
  readonly barriers?: RegionTerms['barriers'];
  readonly variant?: SharedVariant;
}

/** What each process has of what all of them share. */
interface Member {
  readonly rcu: SharedRcuDomain;
  /** Where it sees the data. */
  readonly data: number;
}

/** Gives processes a domain and a pointer to protect. */
function membersOf(lab: Lab, { barriers = 'fence', variant = {} }: Membership) {
  const { machine } = lab;
  const terms = { cpus: machine.cpus.possible.at(-1)! + 1, slots: SLOTS, barriers };
  const region = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine, SLOTS));
  const memory = machine.createSharedMemory(Data.bytes);
  return (process: Process): Member => {
    const address = process.mapShared(region);
    // Endless waits are finitely many states when they are not counted.
    const parts = { mostChecks: 0, ...variant };
    const rcu = new SharedRcuDomain(machine, process, address, terms, 1000, parts);
    const data = process.mapShared(memory);
    process.write32(data + Data.pointer, Data.old);
    return { rcu, data };
  };
}

const MACHINE = { maxThreads: 3, maxProcesses: 3, kernel: [rseq()] } as const;

/**
 * A reader may be killed at any step; the updater in another process has to go on.
 *
 * @param cpus 2 for an updater that runs beside it all the time
 */
export function readerDies(
  membership: Membership = {},
  kills = ['reader'],
  cpus: 1 | 2 = 1,
): Scenario {
  return scenario({
    name: 'a reader that dies',
    machine: { ...MACHINE, cpus },
    events: { preemption: false, migration: false, kills },
    setup(lab) {
      const reader = lab.machine.createProcess('reader');
      const memberOf = membersOf(lab, membership);
      spawnReader(lab, reader, memberOf(reader), false);
      spawnUpdater(lab, memberOf(lab.process));
    },
  });
}

/**
 * A child that waits for a reader which has ended inside of its section may be killed at any step; the
 * parent then waits itself.
 */
export function updaterDies(membership: Membership = {}): Scenario {
  return scenario({
    name: 'an updater that dies',
    machine: { ...MACHINE, cpus: 1 },
    events: { preemption: false, migration: false, kills: ['main'] },
    setup(lab) {
      const reader = lab.machine.createProcess('reader');
      const memberOf = membersOf(lab, membership);
      const [theirs, { rcu }] = [memberOf(reader), memberOf(lab.process)];
      reader.spawn(function* leaking(t) {
        yield* theirs.rcu.join(t);
        yield* theirs.rcu.readLock(t);
      });
      lab.spawn(function* parent(t) {
        yield* rcu.join(t);
        yield* rcu.beforeFork(t);
        const pid = yield* fork(t, function* child(c) {
          yield* rcu.afterForkChild(c);
          yield* rcu.synchronize(c);
        });
        yield* rcu.afterForkParent(t, pid);
        yield* waitpid(t, pid);
        yield* rcu.synchronize(t);
      });
      return rcu;
    },
  });
}

/** Readers and updaters on two CPUs, any of which may be killed; for searches that sample. */
export function anybodyDies(membership: Membership = {}, memory: 'sc' | 'tso' = 'sc'): Scenario {
  return scenario({
    name: 'processes that die',
    machine: { ...MACHINE, cpus: 2, memory },
    events: { kills: ['reader', 'updater'] },
    setup(lab) {
      const { machine } = lab;
      const [reader, updater] = [machine.createProcess('reader'), machine.createProcess('updater')];
      const memberOf = membersOf(lab, membership);
      spawnReader(lab, reader, memberOf(reader), true);
      const theirs = memberOf(updater);
      updater.spawn(function* update(t) {
        yield* theirs.rcu.join(t);
        yield* theirs.rcu.synchronize(t);
        yield* theirs.rcu.leave(t);
      });
      spawnUpdater(lab, memberOf(lab.process));
    },
  });
}

function spawnReader(lab: Lab, process: Process, { rcu, data }: Member, sleeps: boolean): void {
  process.spawn(function* reader(t) {
    yield* rcu.join(t);
    const token = yield* rcu.readLock(t);
    const target = yield* t.load(data + Data.pointer);
    if (sleeps) yield* nanosleep(t, 1);
    const value = yield* t.load(data + target);
    lab.expect(value !== POISON, 'the reader to see no freed memory', t);
    yield* rcu.readUnlock(t, token);
    yield* rcu.synchronize(t);
    yield* rcu.leave(t);
  });
}

function spawnUpdater(lab: Lab, { rcu, data }: Member): void {
  lab.spawn(function* updater(t) {
    yield* rcu.join(t);
    yield* t.storeRelease(data + Data.pointer, Data.fresh);
    yield* rcu.synchronize(t);
    yield* t.store(data + Data.old, POISON);
    yield* rcu.leave(t);
  });
}
