import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { SignalNumber, kill, nanosleep } from '@rseqlab/sim-machine';
import { MemorySink, Session, defineEvent, text, u32 } from '@rseqlab/tracer';

const request = defineEvent('shop:request', { fields: { id: u32(), path: text() } });

export default scenario({
  name: 'sessions of which everybody is killed',
  machine: { cpus: 2, kernel: [rseq()], maxThreads: 16 },
  setup(lab) {
    const { machine } = lab;
    const daemon = machine.createProcess('daemon');
    for (const name of ['web', '../web']) {
      const session = Session.create(machine, daemon, { name, buffers: 'per-uid' });
      session.tracepoint(request);
      session.enable(session.tracepoint(request), session.channel('main', { subbufBytes: 256 }));
      session.spawnConsumers(new MemorySink(), Infinity);
    }
    const session = Session.create(machine, daemon, { name: 'shop', buffers: 'per-uid' });
    const point = session.tracepoint(request);
    session.enable(point, session.channel('main', { subbufBytes: 256, subbufCount: 16 }));
    const shop = machine.createProcess('shop');
    const member = session.attach(shop);
    const own = member.tracepoint(request);
    shop.spawn(function* server(t) {
      yield* member.join(t);
      for (let id = 0; ; id++) yield* own.emit(t, { id, path: `/${id}` });
    });
    lab.spawn(function* killer(t) {
      yield* nanosleep(t, 5000);
      for (const { pid } of [shop, daemon]) yield* kill(t, pid, SignalNumber.SIGKILL);
    });
  },
});
