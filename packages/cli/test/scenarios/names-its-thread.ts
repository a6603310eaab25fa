// A scenario with the name of the host's thread that checks it.
import { threadId } from 'node:worker_threads';
import { scenario } from '@rseqlab/explorer';

export default scenario({
  name: `on thread ${threadId}`,
  setup(lab) {
    const word = lab.process.allocate(4);
    for (let i = 0; i < 2; i++)
      lab.spawn(function* add(t) {
        yield* t.fetchAdd(word, 1);
      });
  },
});
