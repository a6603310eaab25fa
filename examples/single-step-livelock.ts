// A debugger that steps through a section instruction by instruction: the section never ends.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import {
  SignalNumber,
  fork,
  kill,
  ptraceSingleStep,
  ptraceTraceMe,
  raise,
  waitpid,
} from '@rseqlab/sim-machine';

const STEPS = 200;

export default scenario({
  name: 'single-step livelock',
  machine: { cpus: 1, kernel: [rseq({ profile: 'v6.1' })] },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process);
    const done = lab.process.mapShared(lab.machine.createSharedMemory(4096));
    lab.spawn(function* debuggerOfTheChild(t) {
      const child = yield* fork(t, function* adder(c) {
        yield* ptraceTraceMe(c);
        yield* raise(c, SignalNumber.SIGSTOP);
        // Whenever it stops for the debugger the section is aborted, and starts over.
        yield* counter.add(c, 1);
        yield* c.store(done, 1);
      });
      for (let step = 0; step < STEPS; step++) {
        const { status } = yield* waitpid(t, child);
        if (status?.kind !== 'stopped') return;
        yield* ptraceSingleStep(t, child);
      }
      yield* kill(t, child, SignalNumber.SIGKILL);
    });
    return done;
  },
  check(done, lab) {
    lab.expectEqual(lab.process.read32(done), 1, `adds after ${STEPS} steps`);
  },
});
