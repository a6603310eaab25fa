// A service takes its configuration anew while requests use it: each request sees one version of it, as
// a whole, and the memory of the old one is used again when no request has it any more.
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { RcuDomain, rcuDereference, rcuXchgPointer } from '@rseqlab/urcu';
import type { AddressOf, RcuPointer } from '@rseqlab/urcu';

/** What is behind the pointer: how many requests are let in at once, then how many may wait. */
interface Configuration {
  readonly limit: number;
  readonly queue: number;
}

const BYTES = 8;

export default scenario({
  name: 'configuration reload',
  machine: { cpus: 2, kernel: [rseq()] },
  events: { preemption: false, migration: false },
  setup(lab) {
    const { machine, process } = lab;
    const rcu = RcuDomain.create(machine, process);
    const current = process.allocate(4) as RcuPointer<Configuration>;
    const [first, second] = [process.allocate(BYTES), process.allocate(BYTES)];
    process.write32(current, first);
    process.write32(first, 10);
    process.write32(first + 4, 20);
    lab.spawn(function* request(t) {
      const section = yield* rcu.readLock(t);
      const configuration = yield* rcuDereference(t, section, current);
      const limit = yield* t.load(configuration);
      const queue = yield* t.load(configuration + 4);
      lab.expect(queue === 2 * limit, 'a configuration of one piece', t);
      yield* rcu.readUnlock(t, section);
    });
    lab.spawn(function* reload(t) {
      yield* t.store(second, 30);
      yield* t.store(second + 4, 60);
      const old = yield* rcuXchgPointer(t, current, second as AddressOf<Configuration>);
      yield* rcu.synchronize(t);
      yield* t.store(old, 0); // Its memory is used for something else.
    });
  },
});
