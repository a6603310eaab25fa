// A thread on a CPU that the machine does not have.
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: 'no such CPU',
  setup(lab) {
    lab.spawn(function* nothing() {}, { cpu: 7 });
  },
});
