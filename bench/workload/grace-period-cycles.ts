import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import { FLAVOURS } from './read-sides.js';
import type { FlavourName } from './read-sides.js';

/** Grace periods: so many to warm up, and as many that count. */
const GRACE_PERIODS = 2;

/** Read sections between two quiescent states. @source liburcu, tests/benchmark/test_urcu_qsbr.c */
const SECTIONS_A_STATE = 1024;

/** Longer than any run: no ticks. */
const NO_TICKS = 2 ** 40;

/**
 * Cycles of a grace period, by one updater beside readers that do nothing but read: the mean.
 *
 * Each thread has a CPU of its own. In every section one pointer is followed.
 */
export function gracePeriodCycles(
  cost: CostParameters,
  name: FlavourName,
  readers: number,
): number {
  const director = new TimedDirector({ tickCycles: NO_TICKS, quantumCycles: 50 });
  const cpus = readers + 1;
  const machine = new Machine({ cpus, kernel: [rseq()], cost, maxThreads: cpus }, director);
  const process = machine.createProcess('readers');
  const rcu = FLAVOURS[name](machine, process, readers);
  const [pointer, target, stop] = [1, 2, 3].map(() => process.allocate(64, 64)) as [
    number,
    number,
    number,
  ];
  process.write32(pointer, target);
  let cycles = 0;
  for (let cpu = 1; cpu < cpus; cpu++)
    process.spawn(
      function* reader(t) {
        yield* rcu.registerThread(t);
        for (let section = 1; (yield* t.load(stop)) === 0; section++) {
          const token = yield* rcu.readLock(t);
          yield* t.load(yield* t.load(pointer));
          yield* rcu.readUnlock(t, token);
          if (section % SECTIONS_A_STATE === 0) yield* rcu.quiescentState(t);
        }
        yield* rcu.threadOffline(t);
      },
      { cpu, affinity: [cpu] },
    );
  process.spawn(
    function* updater(t) {
      let start = 0;
      for (let n = 0; n < 2 * GRACE_PERIODS; n++) {
        if (n === GRACE_PERIODS) start = machine.cpus.cycles[0]!;
        yield* rcu.synchronize(t);
      }
      cycles = machine.cpus.cycles[0]! - start;
      yield* t.store(stop, 1);
    },
    { cpu: 0, affinity: [0] },
  );
  const { outcome } = machine.run();
  if (outcome !== 'finished') throw new Error(`${name}: expected readers to end, got ${outcome}`);
  return cycles / GRACE_PERIODS;
}
