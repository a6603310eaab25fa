// Fails in every run.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'always fails',
  setup(lab) {
    const word = lab.process.allocate(4);
    lab.spawn(function* write(t) {
      yield* t.store(word, 1);
    });
    return word;
  },
  check(word, lab) {
    lab.expectEqual(lab.process.read32(word), 2, 'the word');
  },
});
