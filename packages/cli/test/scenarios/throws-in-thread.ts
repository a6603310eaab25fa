// A thread throws after its first operation.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'throws in a thread',
  setup(lab) {
    const word = lab.process.allocate(4);
    lab.spawn(function* thrower(t) {
      const value = yield* t.load(word);
      if (value === 0) throw new TypeError('expected more than 0');
    });
  },
});
