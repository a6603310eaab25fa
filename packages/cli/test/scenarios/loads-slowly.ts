// Every second of the host's threads takes its time to load this scenario, which has the thread's name.
import { threadId } from 'node:worker_threads';
import { scenario } from '@rseqlab/explorer';

if (threadId % 2 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);

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
