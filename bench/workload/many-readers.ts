import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import { RcuDomain } from '@rseqlab/urcu';

/** Read sections of every reader, and grace periods of the updater. */
const SECTIONS = 20;
const GRACE_PERIODS = 5;

/** What many readers came to. */
export interface ManyReaders {
  readonly sections: number;
  readonly gracePeriods: number;
  /** Instructions of all CPUs. */
  readonly steps: number;
}

/**
 * So many threads that read under a per-CPU domain, and one that waits for them, on so many CPUs.
 *
 * @throws Error when a thread does not end
 */
export function manyReaders(readers: number, cpus: number): ManyReaders {
  const machine = new Machine(
    { cpus, kernel: [rseq()], maxThreads: readers + 1, memoryBytes: 2 ** 27 },
    new TimedDirector({ tickCycles: 20_000 }),
  );
  const process = machine.createProcess('readers');
  const domain = RcuDomain.create(machine, process);
  const pointer = process.allocate(64, 64);
  process.write32(pointer, process.allocate(64, 64));
  let [sections, gracePeriods] = [0, 0];
  for (let reader = 0; reader < readers; reader++)
    process.spawn(function* reads(t) {
      for (let section = 0; section < SECTIONS; section++) {
        const token = yield* domain.readLock(t);
        yield* t.load(yield* t.load(pointer));
        yield* domain.readUnlock(t, token);
        sections += 1;
      }
    });
  process.spawn(function* updates(t) {
    for (; gracePeriods < GRACE_PERIODS; gracePeriods++) yield* domain.synchronize(t);
  });
  const { outcome, steps } = machine.run();
  const left = domain.activeReaders();
  if (outcome !== 'finished' || left.some((count) => count !== 0))
    throw new Error(`expected all readers to leave, got ${outcome} with ${left.join()} inside`);
  return { sections, gracePeriods, steps };
}
