// A thread that writes where nothing is mapped.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'unmapped memory',
  setup(lab) {
    lab.spawn(function* stray(t) {
      yield* t.store(0x1234, 1);
    });
  },
});
