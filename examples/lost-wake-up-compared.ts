// The same with a door that the waker opens: the kernel compares it before the thread sleeps.
import { scenario } from '@rseqlab/explorer';
import { futexWait, futexWake } from '@rseqlab/sim-machine';

export default scenario({
  name: 'wake-up that is not lost',
  machine: { cpus: 2 },
  setup({ process }) {
    const ready = process.allocate(4);
    const door = process.allocate(4);
    process.spawn(function* sleeper(t) {
      if ((yield* t.loadAcquire(ready)) === 0) yield* futexWait(t, door, 0);
    });
    process.spawn(function* waker(t) {
      yield* t.storeRelease(ready, 1);
      yield* t.storeRelease(door, 1);
      yield* futexWake(t, door, 1);
    });
  },
});
