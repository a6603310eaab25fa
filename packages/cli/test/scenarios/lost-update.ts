// Two threads that add to a word by load and store.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'lost update',
  setup(lab) {
    const word = lab.process.allocate(4);
    for (let i = 0; i < 2; i++)
      lab.spawn(function* add(t) {
        const value = yield* t.load(word);
        yield* t.store(word, value + 1);
      });
    return word;
  },
  check(word, lab) {
    lab.expectEqual(lab.process.read32(word), 2, 'the word');
  },
});
