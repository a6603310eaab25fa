// A thread that loops without an operation.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'never yields',
  setup(lab) {
    const word = lab.process.allocate(4);
    lab.spawn(function* spinner(t) {
      yield* t.store(word, 1);
      for (;;);
    });
  },
});
