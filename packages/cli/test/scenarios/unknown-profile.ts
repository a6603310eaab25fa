// An rseq profile that does not exist.
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';

export default scenario({
  name: 'unknown profile',
  machine: { kernel: [rseq({ profile: 'v1.0' as 'v6.1' })] },
  setup(lab) {
    lab.spawn(function* nothing() {});
  },
});
