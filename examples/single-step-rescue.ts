// The same debugger, but an aborted add is done by cpu_opv, with a vector derived from the section.
import { scenario } from '@rseqlab/explorer';
import {
  FALLBACK_SCRATCH_BYTES,
  RSEQ_SIGNATURE,
  RseqOffset,
  cpuOpv,
  rseq,
  runWithFallback,
} from '@rseqlab/rseq-runtime';
import {
  ProgramBuilder,
  Registers,
  SignalNumber,
  fork,
  ptraceSingleStep,
  ptraceTraceMe,
  raise,
  waitpid,
} from '@rseqlab/sim-machine';

const { r0, r1, r2, r5, r6, r7, r14 } = Registers;
const ABORTED = -1;

/** add(r1: counters, r2: what to add); it does not start over when it is aborted, but says so. */
const ADD = new ProgramBuilder('per-CPU add')
  .label('add')
  .li32(r7, 'cs')
  .st32(r7, r14, RseqOffset.rseqCs)
  .section('cs', {
    signature: RSEQ_SIGNATURE,
    body: (section) =>
      section
        .ld32(r5, r14, RseqOffset.cpuId)
        .shli(r5, r5, 6)
        .add(r5, r5, r1)
        .ld32(r6, r5)
        .add(r6, r6, r2)
        .st32(r6, r5),
    abort: (handler) => handler.li(r0, ABORTED).ret(),
  })
  .li(r0, 0)
  .ret()
  .build();

export default scenario({
  name: 'single-step rescue',
  machine: { cpus: 1, kernel: [rseq({ profile: 'v6.1' }), cpuOpv()] },
  setup(lab) {
    const code = lab.machine.install(ADD);
    const add = { code, entry: 'add', section: 'cs', aborted: ABORTED };
    const counters = lab.process.mapShared(lab.machine.createSharedMemory(4096));
    const scratch = lab.process.allocate(FALLBACK_SCRATCH_BYTES);
    lab.spawn(function* debuggerOfTheChild(t) {
      const child = yield* fork(t, function* adder(c) {
        yield* ptraceTraceMe(c);
        yield* raise(c, SignalNumber.SIGSTOP);
        yield* runWithFallback(c, add, [counters, 1], scratch);
      });
      for (;;) {
        const { status } = yield* waitpid(t, child);
        if (status?.kind !== 'stopped') return;
        yield* ptraceSingleStep(t, child);
      }
    });
    return counters;
  },
  check(counters, lab) {
    lab.expectEqual(lab.process.read32(counters), 1, 'the counter');
  },
});
