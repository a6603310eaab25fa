// A debugger that single-steps a per-CPU counter and does not know of its section: it gets nowhere.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { PtraceDebugger, rseq } from '@rseqlab/rseq-runtime';
import { ptracePokeData } from '@rseqlab/sim-machine';

/** Steps until it gives up. With `sections: SectionTable.of(lab.machine)` it gets through. */
const PATIENCE = 100;

export default scenario({
  name: 'single-step livelock',
  machine: { cpus: 2, kernel: [rseq()] },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process);
    const attached = lab.process.allocate(4);
    const target = lab.spawn(function* increment(t) {
      yield* t.waitUntilEqual(attached, 1);
      yield* counter.add(t, 1);
    });
    const tid = lab.machine.threads.tid[target.id]!;
    lab.machine.createProcess('debugger').spawn(function* debug(t) {
      const gdb = new PtraceDebugger(lab.machine, tid, { mode: 'single-step' });
      yield* gdb.attach(t);
      yield* ptracePokeData(t, tid, attached, 1);
      for (let i = 0; i < PATIENCE; i++) if ((yield* gdb.step(t)).hasEnded) return;
      yield* gdb.detach(t);
    });
    return counter;
  },
  check(counter, lab) {
    lab.expectEqual(counter.sum(), 1, 'the sum');
  },
});
