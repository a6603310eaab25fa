import { DecisionKind } from '@rseqlab/sim-machine';
import type { StatelessDirector } from './stateless-director.js';

/**
 * The decisions of the last run with one for every event: some runs repeat several at once.
 *
 * @param made - the run's own decisions
 */
export function unmergedDecisions(
  { log, boot }: Pick<StatelessDirector, 'log' | 'boot'>,
  made: Uint32Array,
): Uint32Array {
  const isChoice = (word: number): boolean => word >>> 28 === DecisionKind.Choice;
  const choices = made.filter(isChoice).values();
  const words: number[] = [];
  const answered = (count: number): void => {
    for (let n = 0; n < count; n++) words.push(choices.next().value ?? 0);
  };
  answered(boot.given.length);
  for (let event = 0; event < log.length; event++) {
    words.push(log.decision[event]!);
    answered(log.answers[event]?.length ?? 0);
  }
  return Uint32Array.from(words);
}
