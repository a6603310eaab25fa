// Why did that take so long? Two threads share a CPU; the program traces when its work begins and ends, and
// `--trace` records beside it what the kernel did: who ran, who woke whom, who had to wait. One clock for
// both, so they are one story:
//   rseqlab run examples/scheduler-beside-program.ts --trace both
//   rseqlab trace view both
//   rseqlab trace convert both both.perfetto --to perfetto    (then open it in ui.perfetto.dev)
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { nanosleep } from '@rseqlab/sim-machine';
import { Session, defineEvent, openTrace, u32 } from '@rseqlab/tracer';

const begin = defineEvent('job:work_begin', { fields: { job: u32() } });
const end = defineEvent('job:work_end', { fields: { job: u32() } });

const JOBS = 3;
const LOADS = 4000;

export default scenario({
  name: 'scheduler events beside program events',
  machine: { cpus: 1, kernel: [rseq()] },
  setup(lab) {
    const session = Session.create(lab.machine, lab.process, { name: 'jobs' });
    const [begins, ends] = [session.tracepoint(begin), session.tracepoint(end)];
    session.record({}, session.channel('jobs', { contexts: ['vtid', 'procname'] }));
    session.spawnConsumers(openTrace(lab.machine, session.name));
    const data = lab.process.allocate(4);
    lab.spawn(
      function* work(t) {
        for (let job = 0; job < JOBS; job++) {
          yield* begins.emit(t, { job });
          for (let n = 0; n < LOADS; n++) yield* t.load(data);
          yield* ends.emit(t, { job });
        }
        yield* session.stop(t);
      },
      { name: 'worker' },
    );
    lab.spawn(
      function* control(t) {
        for (let n = 0; n < JOBS; n++) {
          yield* nanosleep(t, LOADS);
          for (let load = 0; load < LOADS / 10; load++) yield* t.load(data);
        }
      },
      { name: 'control', realTime: { policy: 'fifo', priority: 1 } },
    );
  },
});
