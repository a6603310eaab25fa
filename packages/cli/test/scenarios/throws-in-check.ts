// Its check throws instead of reporting.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'throws in check',
  setup(lab) {
    const word = lab.process.allocate(4);
    lab.spawn(function* write(t) {
      yield* t.store(word, 1);
    });
  },
  check() {
    throw new Error('cannot tell');
  },
});
