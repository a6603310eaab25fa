import { ChoiceKind, DecisionKind, encodeDecision } from '@rseqlab/sim-machine';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';

/** Two threads that add to one word by load and store, on one CPU. */
export const LOST_UPDATE: Scenario = scenario({
  name: 'lost update',
  machine: { cpus: 1 },
  setup(lab) {
    const word = lab.process.allocate(4);
    lab.process.write32(word, 0);
    for (let i = 0; i < 2; i++)
      lab.spawn(function* add(t) {
        const value = yield* t.load(word);
        yield* t.store(word, value + 1);
      });
    return word;
  },
  check(word, lab) {
    lab.expectEqual(lab.process.read32(word), 2, 'the word');
  },
});

const step = encodeDecision(DecisionKind.Step, 0, 1);

/** A run of it in which thread 0 is preempted between its load and its store. */
export const LOSING_RUN = {
  scheduling: 'free',
  granularity: 'access',
  decisions: Uint32Array.of(
    encodeDecision(DecisionKind.Choice, ChoiceKind.NextThread, 0),
    step,
    encodeDecision(DecisionKind.Preempt, 0, 1),
    step,
    step,
    step,
    step,
    step,
  ),
} as const;
