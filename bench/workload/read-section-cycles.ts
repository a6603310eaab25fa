import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import { READ_SIDES } from './read-sides.js';
import type { ReadSide, ReadSideName } from './read-sides.js';

/** Sections of a reader: so many to warm up, and as many that count. */
const SECTIONS = 30;

/** Longer than any run: no ticks. */
const NO_TICKS = 2 ** 40;

/**
 * Cycles of a read section with one dereference in it, with one reader on each CPU: the mean.
 *
 * No CPU runs ahead of the others by more than a step, so that lines that they share change hands.
 */
export function readSectionCycles(cost: CostParameters, name: ReadSideName, cpus: number): number {
  const director = new TimedDirector({ tickCycles: NO_TICKS, quantumCycles: 1 });
  const machine = new Machine({ cpus, kernel: [rseq()], cost, maxThreads: cpus + 1 }, director);
  const process = machine.createProcess('readers');
  const side: ReadSide = READ_SIDES[name](machine, process, cpus);
  const [pointer, target] = [process.allocate(64, 64), process.allocate(64, 64)];
  process.write32(pointer, target);
  let cycles = 0;
  for (let cpu = 0; cpu < cpus; cpu++)
    process.spawn(
      function* reader(t) {
        yield* side.registerThread(t);
        let start = 0;
        for (let section = 0; section < 2 * SECTIONS; section++) {
          if (section === SECTIONS) start = machine.cpus.cycles[cpu]!;
          const token = yield* side.readLock(t);
          yield* t.load(yield* t.load(pointer));
          yield* side.readUnlock(t, token);
        }
        cycles += machine.cpus.cycles[cpu]! - start;
        yield* side.threadOffline(t);
      },
      { cpu, affinity: [cpu] },
    );
  const { outcome } = machine.run();
  if (outcome !== 'finished') throw new Error(`${name}: expected readers to end, got ${outcome}`);
  return cycles / cpus / SECTIONS;
}
