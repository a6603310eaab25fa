// A thread that counts for ever.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'counts for ever',
  machine: { cpus: 1 },
  setup(lab) {
    const word = lab.process.allocate(4);
    lab.spawn(function* counter(t) {
      for (;;) yield* t.fetchAdd(word, 1);
    });
  },
});
