// More interleavings than anybody waits for; says when it has begun.
import { scenario } from '@rseqlab/explorer';

let begun = false;

export default scenario({
  name: 'takes long',
  machine: { cpus: 4 },
  setup(lab) {
    if (!begun) process.stderr.write('begun\n');
    begun = true;
    const words = lab.process.allocate(256);
    for (let i = 0; i < 4; i++)
      lab.spawn(function* mix(t) {
        for (let k = 0; k < 8; k++) {
          const value = yield* t.load(words + ((i + k) % 4) * 64);
          yield* t.store(words + ((i + k) % 3) * 64, value + i);
        }
      });
  },
});
