import { WordValues } from './word-values.js';
import type { HeldValues } from './word-values.js';

/** All that words have held, of which some saw one part and others another. */
export function union(all: readonly HeldValues[]): HeldValues {
  const values = new WordValues();
  const words = new Set<number>();
  for (const [word, ...held] of all.flat()) {
    words.add(word!);
    for (const value of held) values.learn(word!, value);
  }
  return values.of([...words].sort((a, b) => a - b));
}

/** Whether the same words have held the same. */
export function isSame(one: HeldValues, other: HeldValues): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
