// Does something else in every run.
import { scenario } from '@rseqlab/explorer';

let runs = 0;

export default scenario({
  name: 'not deterministic',
  setup(lab) {
    runs += 1;
    const word = lab.process.allocate(4);
    for (let i = 0; i < 1 + (runs % 2); i++)
      lab.spawn(function* add(t) {
        yield* t.fetchAdd(word, 1);
        yield* t.fetchAdd(word, 1);
      });
  },
});
