// A setup that does not return.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'never sets up',
  setup() {
    for (;;);
  },
});
