import type { PhysicalMemory } from '../physical-memory.js';
import type { CpuViews } from './cpu-views.js';
import type { UnorderedBuffers } from './unordered-buffers.js';
import type { WriteHistory } from './write-history.js';

/** What tells states of a weak memory apart is made of. */
export interface WeakStateParts {
  readonly memory: PhysicalMemory;
  readonly buffers: UnorderedBuffers;
  readonly history: WriteHistory;
  readonly views: CpuViews;
  /** One more than the highest CPU id. */
  readonly cpus: number;
  /** Whether a thread runs on a CPU; one where none does looks at nothing. */
  occupied(cpu: number): boolean;
}

/**
 * The state of a weak memory as far as the future depends on it.
 *
 * Of the timeline that is the old values which a load can still find, in their order; a moment is
 * told by its rank among theirs. So states are finitely many, however long a program runs.
 */
export class WeakState {
  readonly #parts: WeakStateParts;
  /** Moments of the entries that are needed, ascending. */
  readonly #moments: Int32Array;
  #count = 0;

  constructor(parts: WeakStateParts) {
    this.#parts = parts;
    this.#moments = new Int32Array(parts.history.capacity);
  }

  /** Whether any CPU may still find what the word of an entry held before. */
  isNeeded(entry: number): boolean {
    const { history, views, cpus, occupied } = this.#parts;
    const moment = history.momentAt(entry);
    const word = history.wordAt(entry);
    for (let cpu = 0; cpu < cpus; cpu++)
      if (occupied(cpu) && views.floor(cpu) < moment && views.seen(cpu, word, word) < moment)
        return true;
    return false;
  }

  /** Adds the state, word by word. */
  add(add: (word: number) => void): void {
    const { history, memory, cpus, occupied } = this.#parts;
    this.#count = 0;
    for (let entry = 0; entry < history.length; entry++) {
      if (!this.isNeeded(entry)) continue;
      const moment = history.momentAt(entry);
      if (this.#count === 0 || this.#moments[this.#count - 1] !== moment)
        this.#moments[this.#count++] = moment;
      add(memory.placeOf(history.wordAt(entry) << 2));
      add(history.oldAt(entry));
      add(this.#count);
    }
    for (let cpu = 0; cpu < cpus; cpu++) if (occupied(cpu)) this.#addCpu(cpu, add);
  }

  /** The rank of a moment, 0 where the CPU can look no further back anyway; after {@link add}. */
  rankOf(cpu: number, moment: number): number {
    const floor = this.#parts.views.floor(cpu);
    const rank = moment <= floor ? 0 : this.#rank(moment);
    return rank <= this.#rank(floor) ? 0 : rank;
  }

  #addCpu(cpu: number, add: (word: number) => void): void {
    const { views, buffers, memory } = this.#parts;
    const { stores } = buffers;
    add(cpu);
    add(this.#rank(views.floor(cpu)));
    add(this.rankOf(cpu, views.loaded(cpu)));
    add(this.rankOf(cpu, views.stored(cpu)));
    let seen = 0;
    views.eachSeen(cpu, (word, moment) => {
      const rank = this.rankOf(cpu, moment);
      if (rank > 0) seen = (seen + Math.imul(memory.placeOf(word << 2), rank + 1)) | 0;
    });
    add(seen);
    const count = stores.count(cpu);
    add(buffers.isFenced(cpu) ? count + 1 : -count);
    for (let index = 0; index < count; index++) {
      const physical = stores.physical(cpu, index);
      add(memory.placeOf(physical));
      add(((physical & 3) << 8) | (stores.size(cpu, index) << 4) | buffers.waitsOf(cpu, index));
      add(stores.low(cpu, index));
      add(stores.high(cpu, index));
      add(this.rankOf(cpu, buffers.momentOf(cpu, index)));
    }
  }

  #rank(moment: number): number {
    let rank = this.#count;
    while (rank > 0 && this.#moments[rank - 1]! > moment) rank -= 1;
    return rank;
  }
}
