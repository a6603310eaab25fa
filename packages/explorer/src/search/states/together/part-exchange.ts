import type { CountedEntries } from '../counted-entries.js';
import type { MovingState } from '../moving-state.js';
import type { StateParts } from '../state-parts.js';
import type { TransitionLabels } from '../transition-labels.js';
import { countedTeller, entriesTeller, entryTeller } from './entry-tellers.js';
import { kernelTeller } from './kernel-teller.js';
import { MemoryTeller } from './memory-teller.js';
import { PartKind } from './part-kind.js';
import type { PartRegistry } from './part-registry.js';
import { SharedNumbers } from './shared-numbers.js';
import { threadTeller } from './thread-teller.js';

/**
 * Tells a thread's own numbers of parts of states from those that it has in common with others.
 *
 * A part is told to the others when a state with it is met first, and learned from them when such a state
 * comes from one.
 */
export class PartExchange {
  /** All that the kernel keeps. */
  readonly kernel: SharedNumbers;
  /** What memory holds. */
  readonly memory: SharedNumbers;
  /** How threads came into the kernel. */
  readonly entries: SharedNumbers;
  /** What counts of it; it is told, and never learned. */
  readonly counted: SharedNumbers;
  /** What a thread has for itself. */
  readonly threads: SharedNumbers;
  readonly #registry: PartRegistry;
  /** Names of transitions; they are told, and never learned. */
  readonly labels: SharedNumbers;

  constructor(
    registry: PartRegistry,
    parts: StateParts,
    state: MovingState,
    counted: CountedEntries,
    labels: TransitionLabels,
  ) {
    this.#registry = registry;
    const entry = new SharedNumbers(entryTeller(registry, parts.threads));
    this.kernel = new SharedNumbers(kernelTeller(registry, parts));
    this.memory = new SharedNumbers(new MemoryTeller(registry, parts, state));
    this.entries = new SharedNumbers(entriesTeller(registry, state, entry));
    this.counted = new SharedNumbers(countedTeller(registry, counted.all, entry));
    this.threads = new SharedNumbers(threadTeller(registry, parts.threads));
    this.labels = new SharedNumbers({
      tell: (own) => registry.intern([PartKind.Label, ...labels.decisionsOf([own])]),
      learn: () => {
        throw new Error('names of transitions are not learned');
      },
    });
  }

  /** Decisions and answers of transitions, by common numbers of their names. */
  decisionsOf(labels: readonly number[]): number[] {
    return labels.flatMap((label) => {
      const [decision, ...answers] = this.#registry.words(label).subarray(1);
      return decision === undefined ? [] : [decision >>> 0, ...answers];
    });
  }
}
