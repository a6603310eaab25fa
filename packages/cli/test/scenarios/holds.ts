// Two threads that add to a word atomically.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'atomic adds',
  setup(lab) {
    const word = lab.process.allocate(4);
    for (let i = 0; i < 2; i++)
      lab.spawn(function* add(t) {
        yield* t.fetchAdd(word, 1);
      });
    return word;
  },
  check(word, lab) {
    lab.expectEqual(lab.process.read32(word), 2, 'the word');
  },
});
