// The bug that one flip hides: readers count themselves in one of two periods; a grace period flips the
// period and waits for the readers of the one before. It takes two grace periods to see what is wrong: a
// reader that loaded the period before the first, and counts under it during the second.
import { scenario } from '@rseqlab/explorer';

const FLIPS = 1;
const FREED = 99;

export default scenario({
  name: 'grace period by one flip',
  machine: { cpus: 2 },
  setup(lab) {
    const { process } = lab;
    const [period, pointer] = [process.allocate(4), process.allocate(4)];
    const readers = [process.allocate(4), process.allocate(4)];
    const versions = [process.allocate(4), process.allocate(4), process.allocate(4)];
    process.write32(pointer, versions[0]!);
    lab.spawn(function* reader(t) {
      const counter = readers[yield* t.load(period)]!;
      yield* t.fetchAdd(counter, 1);
      const seen = yield* t.load(yield* t.load(pointer));
      lab.expect(seen !== FREED, 'the reader to see nothing that was freed', t);
      yield* t.fetchAdd(counter, -1);
    });
    lab.spawn(function* updater(t) {
      for (const [n, old] of versions.slice(0, 2).entries()) {
        yield* t.store(pointer, versions[n + 1]!);
        for (let flip = 0; flip < FLIPS; flip++) {
          const before = yield* t.load(period);
          yield* t.store(period, 1 - before);
          yield* t.waitUntilEqual(readers[before]!, 0);
        }
        yield* t.store(old, FREED);
      }
    });
  },
});
