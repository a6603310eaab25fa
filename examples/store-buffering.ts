// Two threads that raise their flags, then look at the other's: on x86 each may miss the other.
import { scenario } from '@rseqlab/explorer';

const LINE_BYTES = 64;

export default scenario({
  name: 'two flags without a fence',
  machine: { cpus: 2, memory: 'tso' },
  setup(lab) {
    const flags = lab.process.allocate(2 * LINE_BYTES);
    const seen = lab.process.allocate(2 * LINE_BYTES);
    for (const me of [0, 1])
      lab.spawn(function* raiseAndLook(t) {
        yield* t.store(flags + me * LINE_BYTES, 1);
        const other = yield* t.load(flags + (1 - me) * LINE_BYTES);
        yield* t.store(seen + me * LINE_BYTES, other);
      });
    return seen;
  },
  check(seen, lab) {
    const looks = [0, 1].map((me) => lab.process.read32(seen + me * LINE_BYTES));
    lab.expect(
      looks.includes(1),
      `a thread that sees the other's flag, got ${looks.join(' and ')}`,
    );
  },
});
