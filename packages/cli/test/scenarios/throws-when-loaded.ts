// Throws before it exports anything.
import { scenario } from '@rseqlab/explorer';

const answer = [1, 2, 3].find((n) => n > 3);
if (answer === undefined) throw new RangeError('no such number');

export default scenario({
  name: 'throws when loaded',
  setup(lab) {
    lab.spawn(function* nothing() {});
  },
});
