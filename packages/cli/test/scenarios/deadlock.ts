// Two threads that wait for a word that nobody changes.
import { scenario } from '@rseqlab/explorer';
import { futexWait } from '@rseqlab/sim-machine';

export default scenario({
  name: 'deadlock',
  setup(lab) {
    const word = lab.process.allocate(4);
    for (let i = 0; i < 2; i++)
      lab.spawn(function* waiter(t) {
        yield* futexWait(t, word, 0);
      });
  },
});
