// Two threads on two CPUs: one handles a signal, the other one waits for it on a futex.
import { scenario } from '@rseqlab/explorer';
import { SignalNumber, futexWait, futexWake, sigaction } from '@rseqlab/sim-machine';

export default scenario({
  name: 'page and signal',
  machine: { cpus: 2 },
  events: { signals: [SignalNumber.SIGUSR1], pageFaults: true },
  setup(lab) {
    const word = lab.process.allocate(8);
    lab.spawn(function* handling(t) {
      yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(h) {
        yield* h.store(word, 1);
        yield* futexWake(h, word, 1);
      });
      yield* t.waitUntilEqual(word, 1);
    });
    lab.spawn(function* waiting(t) {
      yield* futexWait(t, word, 0);
    });
    return word;
  },
  check(word, lab) {
    lab.expectEqual(lab.process.read32(word), 1, 'the word');
  },
});
