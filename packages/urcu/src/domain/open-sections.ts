import type { Process, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';
import { cpuOf } from './rcu-token.js';
import type { RcuToken } from './rcu-token.js';

/** Who may leave a section: the thread that has it, or anybody who has its token. */
export type LeftBy = 'owner' | 'anybody';

/** Room for four sections of each thread; there is more when one nests deeper. */
const INITIAL_SHIFT = 2;

/**
 * Which read sections each thread is in, so that a token that is spent, or another's, is told when it is
 * given back: a section that is left twice ends grace periods too early, later and elsewhere.
 *
 * Nothing of it is simulated: it takes no step, and searches find the states that they find without. What
 * is kept of a thread follows from what its own program did, as the program's variables do; what threads
 * hand to each other goes through simulated memory.
 */
export class OpenSections {
  readonly #home: number;
  readonly #cpus: number;
  readonly #areOwned: boolean;
  /** By thread: how many sections it is in. */
  readonly #depths: Int32Array;
  /** By thread: their tokens, the latest last; so many for each, as a shift. */
  #tokens: Int32Array;
  #shift = INITIAL_SHIFT;
  /** By thread: the forked process of which it has said what sections it is in. */
  readonly #heirs: number[] = [];

  /**
   * @param process whose threads use the domain
   * @param cpus that tokens may name: those below
   * @param threads that there can be
   */
  constructor(process: Process, cpus: number, threads: number, leftBy: LeftBy = 'owner') {
    this.#home = process.id;
    this.#cpus = cpus;
    this.#areOwned = leftBy === 'owner';
    this.#depths = new Int32Array(threads);
    this.#tokens = new Int32Array(threads << INITIAL_SHIFT);
  }

  /** The thread is in one more section. */
  enter(t: Thread, token: RcuToken): void {
    if (!this.#areOwned) return;
    const { id } = t;
    const depth = this.#depths[id]!;
    if (depth >>> this.#shift !== 0) this.#widen();
    this.#tokens[(id << this.#shift) + depth] = token;
    this.#depths[id] = depth + 1;
  }

  /** The thread is in these sections and no others: it is the only one of a forked process. */
  inherit(t: Thread, tokens: readonly RcuToken[]): void {
    this.#heirs[t.id] = t.process.id;
    this.#depths[t.id] = 0;
    for (const token of tokens) this.enter(t, token);
  }

  /**
   * The thread is in one section less.
   *
   * @throws UrcuError `ERR_TOKEN` when it is in none with that token
   */
  leave(t: Thread, token: RcuToken): void {
    const { id } = t;
    const depth = this.#depths[id]! - 1;
    if (depth >= 0 && this.#tokens[(id << this.#shift) + depth] === token) this.#depths[id] = depth;
    else this.#leaveOther(t, token);
  }

  /**
   * Whether the thread is in a section.
   *
   * @throws UrcuError `ERR_TOKEN` where nobody knows: anybody may leave sections that they have the token of
   */
  isInside(t: Thread): boolean {
    if (!this.#areOwned)
      throw new UrcuError(
        'ERR_TOKEN',
        'expected a domain whose sections are left by who is in them, got one where anybody may',
      );
    return this.#depths[t.id]! > 0;
  }

  /** Leaves a section that is not the thread's latest. */
  #leaveOther(t: Thread, token: RcuToken): void {
    if (!Number.isInteger(token) || token < 0 || cpuOf(token) >= this.#cpus)
      throw new UrcuError(
        'ERR_TOKEN',
        `expected the token of a read lock (a CPU below ${this.#cpus}), got ${String(token)}`,
      );
    if (!this.#areOwned) return;
    const first = t.id << this.#shift;
    const open = this.#tokens.subarray(first, first + this.#depths[t.id]!);
    const at = open.lastIndexOf(token);
    if (at >= 0) {
      open.copyWithin(at, at + 1);
      this.#depths[t.id]! -= 1;
    } else if (this.#isKnown(t))
      throw new UrcuError(
        'ERR_TOKEN',
        `expected a token of the sections that thread ${t.id} ${t.name} is in (${listed(open)}), got ` +
          `${inWords(token)}: spent, or of another thread or domain`,
      );
  }

  /** Whether all sections of the thread are known: a forked child may not have said what it has of its parent. */
  #isKnown(t: Thread): boolean {
    const { id } = t.process;
    return id === this.#home || this.#heirs[t.id] === id;
  }

  /** Makes room for twice as many sections of each thread. */
  #widen(): void {
    const [narrow, shift] = [this.#tokens, this.#shift];
    this.#tokens = new Int32Array(narrow.length * 2);
    this.#shift += 1;
    for (let id = 0; id < this.#depths.length; id++)
      this.#tokens.set(narrow.subarray(id << shift, (id + 1) << shift), id << this.#shift);
  }
}

function listed(open: Int32Array): string {
  return open.length === 0 ? 'none' : Array.from(open, inWords).join(', ');
}

function inWords(token: number): string {
  return `period ${token & 1} of CPU ${cpuOf(token as RcuToken)}`;
}
