// Peterson's lock, tried once, with the fence that it needs on x86.
import { scenario } from '@rseqlab/explorer';

const LINE_BYTES = 64;

export default scenario({
  name: 'Peterson with a fence',
  machine: { cpus: 2, memory: 'tso' },
  events: { preemption: false, migration: false },
  setup({ process }) {
    const flags = process.allocate(2 * LINE_BYTES);
    const turn = process.allocate(4);
    const inside = process.allocate(4);
    for (const me of [0, 1])
      process.spawn(function* enters(t) {
        yield* t.store(flags + me * LINE_BYTES, 1);
        yield* t.store(turn, 1 - me);
        yield* t.fence();
        const other = yield* t.load(flags + (1 - me) * LINE_BYTES);
        if (other === 1 && (yield* t.load(turn)) !== me) return;
        yield* t.fetchAdd(inside, 1);
      });
    return inside;
  },
  check(inside, lab) {
    lab.expect(lab.process.read32(inside) < 2, 'at most one thread inside, got 2');
  },
});
