// Ends the process that runs it.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'ends the process',
  setup() {
    process.exit(0);
  },
});
