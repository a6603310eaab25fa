// Two threads serve requests and trace them: typed events go into ring buffers of their CPU, and a consumer
// on each CPU makes a trace of them. To have it in a folder, and to look at it:
//   rseqlab run examples/first-trace.ts --trace shop
//   rseqlab trace view shop/ust        (or babeltrace2 shop/ust)
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Session, defineEvent, enumeration, openTrace, text, u32 } from '@rseqlab/tracer';

const request = defineEvent('shop:request', { fields: { id: u32(), path: text() } });
const reply = defineEvent('shop:reply', {
  fields: { id: u32(), status: enumeration({ OK: 200, NOT_FOUND: 404 }) },
});

const SERVERS = 2;
const REQUESTS = 3;

export default scenario({
  name: 'first trace',
  machine: { cpus: 2, kernel: [rseq()] },
  setup(lab) {
    const session = Session.create(lab.machine, lab.process, { name: 'shop' });
    const channel = session.channel('requests', { contexts: ['vtid', 'procname'] });
    const [requests, replies] = [session.tracepoint(request), session.tracepoint(reply)];
    session.record({ name: 'shop:*' }, channel);
    session.spawnConsumers(openTrace(lab.machine, session.name));

    const served = lab.process.allocate(4);
    for (let server = 0; server < SERVERS; server++)
      lab.spawn(
        function* serve(t) {
          for (let n = 0; n < REQUESTS; n++) {
            const id = server * REQUESTS + n;
            yield* requests.emit(t, { id, path: n === 0 ? '/' : `/article/${id}` });
            yield* replies.emit(t, { id, status: n === 2 ? 'NOT_FOUND' : 'OK' });
          }
          // Who serves last stops the session: the consumers end once they have everything.
          if ((yield* t.fetchAdd(served, 1)) === SERVERS - 1) yield* session.stop(t);
        },
        { name: `server/${server}`, cpu: server },
      );
    return served;
  },
  check(served, lab) {
    lab.expectEqual(lab.process.read32(served), SERVERS, 'the servers that are done');
  },
});
