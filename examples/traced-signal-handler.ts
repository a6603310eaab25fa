// A signal handler that traces, as a profiler's does: a timer interrupts the thread wherever it is, in the
// middle of a record as well. The record that was begun stays where it is, that of the handler comes behind
// it, and both are whole: nothing is locked, so nothing can deadlock.
//   rseqlab run examples/traced-signal-handler.ts --trace profile
//   rseqlab trace view profile/ust
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import {
  ClockId,
  SignalNumber,
  nanosleep,
  sigaction,
  timerCreate,
  timerSettime,
} from '@rseqlab/sim-machine';
import { Session, defineEvent, openTrace, u32 } from '@rseqlab/tracer';

const { SIGPROF } = SignalNumber;
const step = defineEvent('worker:step', { fields: { number: u32() } });
const sample = defineEvent('profiler:sample', { fields: { number: u32(), during_step: u32() } });

const STEPS = 40;
const PERIOD_NS = 251;

export default scenario({
  name: 'traced signal handler',
  machine: { cpus: 1, kernel: [rseq()] },
  setup(lab) {
    const session = Session.create(lab.machine, lab.process, { name: 'profile' });
    const [steps, samples] = [session.tracepoint(step), session.tracepoint(sample)];
    session.record({}, session.channel('profile'));

    const data = lab.process.allocate(4);
    let present = 0;
    let taken = 0;
    lab.spawn(function* work(t) {
      yield* sigaction(t, SIGPROF, function* handler(h) {
        yield* samples.emit(h, { number: taken++, during_step: present });
      });
      const timer = yield* timerCreate(t, ClockId.Monotonic, SIGPROF);
      yield* timerSettime(t, timer, { expiryNs: PERIOD_NS, intervalNs: PERIOD_NS });
      yield* nanosleep(t, PERIOD_NS);
      for (present = 0; present < STEPS; present++) {
        for (let n = 0; n < present; n++) yield* t.load(data);
        yield* steps.emit(t, { number: present });
      }
      yield* timerSettime(t, timer, { expiryNs: 0 });
      yield* session.stop(t);
    });
    session.spawnConsumers(openTrace(lab.machine, session.name));
    return () => taken;
  },
  check(taken, lab) {
    lab.expect(taken() > 10, `more than 10 samples, got ${taken()}`);
  },
});
