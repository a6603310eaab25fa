import type { PlanIdentity, SearchShape, SearchedStates, StateRounds } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import { readStates, writeStates } from './states-file.js';

/** Least time between two writes, in milliseconds. */
const INTERVAL_MS = 1000;

/** Writing takes at most this share of the time. */
const WRITING_SHARE = 1 / 20;

/** Keeps a search of states in a file, so that the work can go on from there. */
export class StateKeeper {
  /** What the file held at the beginning; undefined where there was none. */
  readonly states: SearchedStates | undefined;
  /** Time until it is worth to write again, in milliseconds. */
  intervalMs: number = INTERVAL_MS;
  readonly #file: string;
  readonly #io: Pick<CommandIo, 'folder' | 'nowMs'>;
  readonly #of: { readonly identity: PlanIdentity; readonly shape: SearchShape };
  #dueAtMs: number;
  #bytes = 0;

  /**
   * Reads what a file holds, if it exists.
   *
   * @throws CommandError when the file is damaged, or of other work; it is left as it is
   */
  constructor(
    file: string,
    io: Pick<CommandIo, 'folder' | 'nowMs'>,
    of: { readonly identity: PlanIdentity; readonly shape: SearchShape },
  ) {
    this.#file = file;
    this.#io = io;
    this.#of = of;
    this.states = readStates(file, io.folder, of);
    this.#dueAtMs = io.nowMs() + INTERVAL_MS;
  }

  /**
   * Writes what is done, if the last time is long enough ago.
   *
   * @param isLast whether it is written whenever it was
   */
  keep(rounds: StateRounds, isLast: boolean): void {
    const startMs = this.#io.nowMs();
    if (startMs < this.#dueAtMs && !isLast) return;
    const { soFar } = rounds;
    if (soFar === undefined) return;
    this.#bytes = writeStates(this.#file, this.#io.folder, this.#of, soFar);
    const endMs = this.#io.nowMs();
    this.intervalMs = Math.max(INTERVAL_MS, (endMs - startMs) / WRITING_SHARE);
    this.#dueAtMs = endMs + this.intervalMs;
  }

  /** How to go on, and how large the file is. */
  get goOnText(): string {
    return `; the same command goes on from ${this.#file} (${(this.#bytes / 1e6).toFixed(1)} MB)`;
  }
}
