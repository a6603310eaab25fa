import { encodeResults, requireIdentity } from '@rseqlab/explorer';
import type { PlanIdentity, UnitLedger } from '@rseqlab/explorer';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeWhole } from '../whole-file.js';
import { naming, readResults } from './plan-file.js';

/** Least time between two writes, in milliseconds. */
const INTERVAL_MS = 1000;

/** Writing takes at most this share of the time. */
const WRITING_SHARE = 1 / 20;

/**
 * A file that holds the results of all units that are done, so that the work can go on from there.
 *
 * It is replaced as a whole: whenever the process ends, what was written last is there.
 */
export class Checkpoint {
  readonly #file: string;
  readonly #folder: string;
  readonly #identity: PlanIdentity;
  readonly #ledger: UnitLedger;
  #dueAtMs = -Infinity;
  #savedUnits = -1;

  /**
   * Takes into the ledger what a file holds of its plan, if it exists.
   *
   * @param what - what the file is to the user, such as `resume file`
   * @throws CommandError when the file is damaged, or of other work; it is left as it is
   */
  constructor(
    file: string,
    folder: string,
    { identity, ledger, what }: { identity: PlanIdentity; ledger: UnitLedger; what: string },
  ) {
    this.#file = file;
    this.#folder = folder;
    this.#identity = identity;
    this.#ledger = ledger;
    if (existsSync(resolve(folder, file))) {
      const saved = readResults(file, folder, what);
      naming(file, () => {
        requireIdentity(saved.identity, identity, what);
        for (const result of saved.results) ledger.add(result);
      });
    }
    this.save();
  }

  /** Writes what is done, if there is something new and the last time is long enough ago. */
  saveIfDue(nowMs: () => number): void {
    const startMs = nowMs();
    if (startMs < this.#dueAtMs) return;
    this.save();
    const endMs = nowMs();
    this.#dueAtMs = endMs + Math.max(INTERVAL_MS, (endMs - startMs) / WRITING_SHARE);
  }

  /**
   * Writes what is done, if there is something new.
   *
   * @throws CommandError when the file cannot be written
   */
  save(): void {
    if (this.#savedUnits === this.#ledger.done) return;
    const saved = { identity: this.#identity, results: this.#ledger.results() };
    writeWhole(this.#file, this.#folder, encodeResults(saved));
    this.#savedUnits = this.#ledger.done;
  }
}
