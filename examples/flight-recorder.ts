// A flight recorder: the ring keeps the newest events and overwrites the oldest, and nobody reads it until a
// request fails. Then, and only then, a snapshot is written: what happened just before. A gap in the
// packets' numbers tells how much was overwritten.
//   rseqlab run examples/flight-recorder.ts --trace flight
//   rseqlab trace view flight/ust
//   rseqlab trace check flight/ust --allow sequence-start
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { LogLevel, Session, defineEvent, openTrace, text, u32 } from '@rseqlab/tracer';

const accepted = defineEvent('service:accepted', { fields: { id: u32() } });
const failed = defineEvent('service:failed', {
  logLevel: LogLevel.ERR,
  fields: { id: u32(), reason: text() },
});

const REQUESTS = 1000;
const BROKEN = 700;

export default scenario({
  name: 'flight recorder',
  machine: { cpus: 1, kernel: [rseq()] },
  setup(lab) {
    const session = Session.create(lab.machine, lab.process, { name: 'on-error' });
    const ring = session.channel('newest', {
      mode: 'overwrite',
      subbufBytes: 256,
      subbufCount: 4,
    });
    const [start, failure] = [session.tracepoint(accepted), session.tracepoint(failed)];
    session.record({}, ring);
    const snapshots: number[] = [];
    lab.spawn(function* serve(t) {
      for (let id = 0; id < REQUESTS; id++) {
        yield* start.emit(t, { id });
        if (id !== BROKEN) continue;
        yield* failure.emit(t, { id, reason: 'connection reset' });
        snapshots.push(id);
        yield* session.snapshot(t, openTrace(lab.machine, session.name));
      }
    });
    return snapshots;
  },
  check(snapshots, lab) {
    lab.expectEqual(
      snapshots.join(),
      String(BROKEN),
      'the requests after which a snapshot was made',
    );
  },
});
