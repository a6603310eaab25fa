// The same with two flips: whatever period a reader has loaded, however long ago, each grace period waits
// for it.
import { scenario } from '@rseqlab/explorer';

const FLIPS = 2;
const FREED = 99;

export default scenario({
  name: 'grace period by two flips',
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
