import { rseq } from '@rseqlab/rseq-runtime';
import { PerCpuCounter } from '@rseqlab/percpu';
import {
  Mutex,
  SignalNumber,
  fork,
  nanosleep,
  schedYield,
  sigaction,
  waitpid,
} from '@rseqlab/sim-machine';
import type { Machine, MachineConfig, Operation, Process, Thread } from '@rseqlab/sim-machine';

/** A program that a director is tried on, with the machine it needs. */
export interface LawWorkload {
  readonly name: string;
  readonly config: MachineConfig;
  /** Prepares memory and starts threads; the words from {@link WORDS} on are compared at the end. */
  setup(machine: Machine, process: Process): void;
}

/** Words of static data that every workload has for itself. */
export const WORDS = 16;

/** Where they are: a process's first allocation. */
export const FIRST_WORD = 0x10000000;

const word = (index: number): number => FIRST_WORD + 4 * index;

const small = { maxThreads: 8, maxProcesses: 4, memoryBytes: 4 * 2 ** 20, fingerprint: true };

function* accesses(t: Thread): Operation<void> {
  const seen = yield* t.load(word(0));
  yield* t.store(word(1), seen + 1);
  yield* t.fetchAdd(word(0), 1);
  yield* t.fence();
  yield* t.store8(word(2), 7);
  yield* t.compareExchange(word(3), 0, t.id + 1);
  yield* t.storeRelease(word(4), yield* t.load16(word(1)));
}

const races: Pick<LawWorkload, 'setup'> = {
  setup(_machine, process) {
    for (let i = 0; i < 3; i++) process.spawn(accesses);
  },
};

/** Programs that between them meet every kind of decision and every kind of event. */
export const LAW_WORKLOADS: readonly LawWorkload[] = [
  { name: 'racing threads, sc', config: { cpus: 2, ...small }, ...races },
  { name: 'racing threads, tso', config: { cpus: 2, memory: 'tso', ...small }, ...races },
  { name: 'racing threads, weak', config: { cpus: 2, memory: 'weak', ...small }, ...races },
  {
    name: 'threads that sleep on a lock and on timers',
    config: { cpus: 2, ...small },
    setup(_machine, process) {
      const lock = new Mutex(word(0));
      for (let i = 0; i < 3; i++)
        process.spawn(function* locking(t) {
          yield* lock.lock(t);
          yield* t.store(word(1), (yield* t.load(word(1))) + 1);
          yield* lock.unlock(t);
          yield* schedYield(t);
          yield* nanosleep(t, 1000);
        });
    },
  },
  {
    name: 'sections that are aborted',
    config: { cpus: 2, memory: 'tso', kernel: [rseq()], ...small },
    setup(machine, process) {
      const counter = PerCpuCounter.create(machine, process);
      for (let i = 0; i < 3; i++)
        process.spawn(function* counting(t) {
          yield* counter.add(t, 1);
          yield* counter.add(t, 1);
        });
    },
  },
  {
    name: 'a process with a child, signals and every kernel event',
    config: {
      cpus: 2,
      ...small,
      kernel: [rseq()],
      events: {
        ticks: true,
        signals: [SignalNumber.SIGURG],
        pageFaults: true,
        hotplug: true,
        spuriousWakes: true,
      },
    },
    setup(_machine, process) {
      process.spawn(function* parent(t) {
        yield* sigaction(t, SignalNumber.SIGURG, function* handler(self) {
          yield* self.fetchAdd(word(5), 1);
        });
        const pid = yield* fork(t, function* child(self) {
          yield* self.store(word(6), 3);
        });
        yield* t.store(word(7), (yield* waitpid(t, pid)).pid === pid ? 1 : 0);
      });
      process.spawn(function* waiting(t) {
        yield* t.waitUntilNotEqual(word(7), 0);
      });
    },
  },
  {
    name: 'a process that may be killed',
    config: { cpus: 2, memory: 'tso', ...small, events: { kills: ['main'], pageFaults: true } },
    ...races,
  },
  {
    name: 'a thread that touches unmapped memory',
    config: { cpus: 2, ...small },
    setup(_machine, process) {
      process.spawn(function* crashing(t) {
        yield* t.store(word(0), 1);
        yield* t.load(0x40);
      });
      process.spawn(accesses);
    },
  },
];
