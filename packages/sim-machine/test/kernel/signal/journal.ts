import type { Operation } from '../../../src/kernel/operation.js';
import type { SignalHandler } from '../../../src/kernel/signal/signal-handler.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

/** A list in simulated memory that handlers and programs append to. */
export class Journal {
  readonly #lab: Laboratory;
  readonly #base: number;

  constructor(lab: Laboratory) {
    this.#lab = lab;
    this.#base = lab.process.allocate(256);
  }

  *add(t: Thread, entry: number): Operation<void> {
    const index = yield* t.fetchAdd(this.#base, 1);
    yield* t.store(this.#base + 4 + index * 4, entry);
  }

  get entries(): number[] {
    const { process } = this.#lab;
    return Array.from({ length: process.read32(this.#base) }, (_, i) =>
      process.read32(this.#base + 4 + i * 4),
    );
  }
}

/** What a program and its handlers wrote into the journal. */
export function withJournal(
  program: (t: Thread, journal: Journal, note: SignalHandler) => Operation<unknown>,
): number[] {
  const lab = new Laboratory({ cpus: 1 });
  const journal = new Journal(lab);
  const note: SignalHandler = function* note(t, signal) {
    yield* journal.add(t, signal);
  };
  lab.run((t) => program(t, journal, note));
  return journal.entries;
}
