// A memory model that does not exist.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'unknown model',
  machine: { memory: 'psychic' as 'sc' },
  setup(lab) {
    lab.spawn(function* nothing() {});
  },
});
