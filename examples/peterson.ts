// Peterson's lock, tried once: on x86 both threads get in, since stores wait in a buffer.
import { scenario } from '@rseqlab/explorer';

const LINE_BYTES = 64;

export default scenario({
  name: 'Peterson without a fence',
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
