// A machine without the explorer: two CPUs on simulated clocks, each access priced as on a Xeon.
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector, XEON_E5_2630V3 } from '@rseqlab/sim-machine';

const machine = new Machine(
  { cpus: 2, kernel: [rseq()], cost: XEON_E5_2630V3 },
  new TimedDirector({ seed: 1 }),
);
const process = machine.createProcess('main');
const counter = PerCpuCounter.create(machine, process);
for (let i = 0; i < 4; i++)
  process.spawn(function* increment(t) {
    for (let n = 0; n < 1_000_000; n++) yield* counter.add(t, 1);
  });

let aborts = 0;
machine.events.on('abort', () => (aborts += 1));
const { outcome, steps, cycles } = machine.run();
console.log(`${outcome}: sum ${counter.sum()}, sections aborted: ${aborts}`);
console.log(`${steps} instructions, ${(cycles / XEON_E5_2630V3.frequencyMhz).toFixed(1)} us`);
