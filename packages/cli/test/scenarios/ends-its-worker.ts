// Ends the thread that runs it: every time, or only once.
import { scenario } from '@rseqlab/explorer';
import { existsSync, writeFileSync } from 'node:fs';

/** Runs in this thread so far; those before the first unit are not to die of it. */
let runs = 0;
const RUNS_BEFORE_THE_END = 10;

/** A file that is there once a worker has died; without one, every worker dies. */
const marker = process.env['DEATH_MARKER'];

export default scenario({
  name: 'ends its worker',
  setup(lab) {
    const word = lab.process.allocate(4);
    lab.spawn(function* add(t) {
      yield* t.fetchAdd(word, 1);
    });
  },
  check() {
    runs += 1;
    if (runs < RUNS_BEFORE_THE_END) return;
    if (marker !== undefined && existsSync(marker)) return;
    if (marker !== undefined) writeFileSync(marker, 'dead');
    process.exit(9);
  },
});
