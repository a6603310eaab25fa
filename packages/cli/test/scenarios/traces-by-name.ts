import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Session, defineEvent, openTrace } from '@rseqlab/tracer';

export default scenario({
  name: 'sessions with names that are no folders',
  machine: { cpus: 1, kernel: [rseq()] },
  setup(lab) {
    for (const [index, name] of ['a/b', 'a/b', '..', ''].entries()) {
      const session = Session.create(lab.machine, lab.process, { name: 'lab' });
      const point = session.tracepoint(defineEvent('lab:tick'));
      session.enable(point, session.channel('main'));
      session.spawnConsumers(openTrace(lab.machine, name));
      lab.spawn(function* producer(t) {
        for (let n = 0; n <= index; n++) yield* point.emit(t, {});
        yield* session.stop(t);
      });
    }
  },
});
