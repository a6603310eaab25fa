// A thread that looks, then sleeps: the wake-up may come in between.
import { scenario } from '@rseqlab/explorer';
import { futexWait, futexWake } from '@rseqlab/sim-machine';

export default scenario({
  name: 'lost wake-up',
  machine: { cpus: 2 },
  setup({ process }) {
    const ready = process.allocate(4);
    const door = process.allocate(4);
    process.spawn(function* sleeper(t) {
      if ((yield* t.loadAcquire(ready)) === 0) yield* futexWait(t, door, 0);
    });
    process.spawn(function* waker(t) {
      yield* t.storeRelease(ready, 1);
      yield* futexWake(t, door, 1);
    });
  },
});
