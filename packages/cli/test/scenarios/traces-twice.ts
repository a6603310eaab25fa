import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Session, defineEvent, openTrace } from '@rseqlab/tracer';

export default scenario({
  name: 'two sessions of one name',
  machine: { cpus: 1, kernel: [rseq()] },
  setup(lab) {
    for (const events of [1, 2]) {
      const session = Session.create(lab.machine, lab.process, { name: 'a/b' });
      const point = session.tracepoint(defineEvent('lab:tick'));
      session.enable(point, session.channel('main'));
      session.spawnConsumers(openTrace(lab.machine, session.name));
      lab.spawn(function* producer(t) {
        for (let n = 0; n < events; n++) yield* point.emit(t, {});
        yield* session.stop(t);
      });
    }
  },
});
