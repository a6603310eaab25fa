import { ExplorerError, decodeResults, encodeResults, requireIdentity } from '@rseqlab/explorer';
import type { PlanIdentity, UnitLedger } from '@rseqlab/explorer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { CommandError } from '../command-error.js';

const WHAT = 'resume file';

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
  readonly #path: string;
  readonly #identity: PlanIdentity;
  readonly #ledger: UnitLedger;
  #dueAtMs = -Infinity;
  #savedUnits = -1;

  /**
   * Takes into the ledger what a file holds of its plan, if it exists.
   *
   * @throws CommandError when the file is damaged, or of other work; it is left as it is
   */
  constructor(file: string, folder: string, identity: PlanIdentity, ledger: UnitLedger) {
    this.#file = file;
    this.#path = resolve(folder, file);
    this.#identity = identity;
    this.#ledger = ledger;
    const text = readIfThere(file, this.#path);
    if (text !== undefined) restore(file, text, identity, ledger);
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
    const text = encodeResults({ identity: this.#identity, results: this.#ledger.results() });
    try {
      writeFileAtomic.sync(this.#path, text);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new CommandError(`${this.#file}: expected a file to write to, got ${code}`, undefined, {
        cause: error,
      });
    }
    this.#savedUnits = this.#ledger.done;
  }
}

function readIfThere(file: string, path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CommandError(`${file}: expected a ${WHAT}, got ${code ?? String(error)}`, undefined, {
      cause: error,
    });
  }
}

function restore(file: string, text: string, identity: PlanIdentity, ledger: UnitLedger): void {
  try {
    const saved = decodeResults(text, WHAT);
    requireIdentity(saved.identity, identity, WHAT);
    for (const result of saved.results) ledger.add(result);
  } catch (error) {
    if (!(error instanceof ExplorerError)) throw error;
    throw new CommandError(`${file}: ${error.message}`, undefined, { cause: error });
  }
}
