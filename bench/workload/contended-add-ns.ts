import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';

/** Adds of a thread: so many to warm up, and as many that count. */
const ADDS = 20;

/** Longer than any run: no ticks. */
const NO_TICKS = 2 ** 40;

/** Nanoseconds of an atomic add to a word that a thread on every CPU adds to: the mean. */
export function contendedAddNs(cost: CostParameters, cpus: number): number {
  const director = new TimedDirector({ tickCycles: NO_TICKS, quantumCycles: 1 });
  const machine = new Machine({ cpus, cost, maxThreads: cpus }, director);
  const process = machine.createProcess('adders');
  const word = process.allocate(64, 64);
  let cycles = 0;
  for (let cpu = 0; cpu < cpus; cpu++)
    process.spawn(
      function* adder(t) {
        let start = 0;
        for (let n = 0; n < 2 * ADDS; n++) {
          if (n === ADDS) start = machine.cpus.cycles[cpu]!;
          yield* t.fetchAdd(word, 1);
        }
        cycles += machine.cpus.cycles[cpu]! - start;
      },
      { cpu, affinity: [cpu] },
    );
  const { outcome } = machine.run();
  if (outcome !== 'finished') throw new Error(`expected adders to end, got ${outcome}`);
  return ((cycles / cpus / ADDS) * 1000) / cost.frequencyMhz;
}
