// Throws when it is set up.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'throws in setup',
  setup() {
    throw new Error('no room today');
  },
});
