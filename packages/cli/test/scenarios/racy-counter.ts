// Two threads that add to a word by load and store, and do something else in between.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'racy counter',
  machine: { cpus: 2 },
  events: { migration: false },
  setup(lab) {
    const word = lab.process.allocate(4);
    const other = lab.process.allocate(4);
    for (let i = 0; i < 2; i++)
      lab.spawn(function* add(t) {
        yield* t.fetchAdd(other, 1);
        const value = yield* t.load(word);
        yield* t.fetchAdd(other, 1);
        yield* t.store(word, value + 1);
      });
    return word;
  },
  check: (word, lab) => lab.expectEqual(lab.process.read32(word), 2, 'the word'),
});
