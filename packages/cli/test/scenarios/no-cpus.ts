// A machine that cannot be built.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'no CPUs',
  machine: { cpus: 0 },
  setup(lab) {
    lab.spawn(function* nothing() {});
  },
});
