import type { Process, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';
import { cpuOf } from './rcu-token.js';
import type { RcuToken } from './rcu-token.js';

/** Who may leave a section: the thread that has it, or anybody who has its token. */
export type LeftBy = 'owner' | 'anybody';

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
  /** By thread: its sections, the latest last. */
  readonly #sections: (RcuToken[] | undefined)[] = [];
  /** By thread: its process when it entered the first, since threads of others get its number later. */
  readonly #processes: number[] = [];

  /**
   * @param process whose threads use the domain
   * @param cpus that tokens may name: those below
   */
  constructor(process: Process, cpus: number, leftBy: LeftBy = 'owner') {
    this.#home = process.id;
    this.#cpus = cpus;
    this.#areOwned = leftBy === 'owner';
  }

  /** The thread is in one more section. */
  enter(t: Thread, token: RcuToken): void {
    if (!this.#areOwned) return;
    const open = this.#sections[t.id];
    if (open === undefined || this.#processes[t.id] !== t.process.id) this.inherit(t, [token]);
    else open.push(token);
  }

  /** The thread is in these sections and no others: it is the only one of a forked process. */
  inherit(t: Thread, tokens: readonly RcuToken[]): void {
    this.#sections[t.id] = [...tokens];
    this.#processes[t.id] = t.process.id;
  }

  /**
   * The thread is in one section less.
   *
   * @throws UrcuError `ERR_TOKEN` when it is in none with that token
   */
  leave(t: Thread, token: RcuToken): void {
    const open = this.#sections[t.id];
    if (open !== undefined && open.length > 0 && open[open.length - 1] === token) open.pop();
    else this.#leaveOther(t, token);
  }

  /** Leaves a section that is not the thread's latest. */
  #leaveOther(t: Thread, token: RcuToken): void {
    if (!Number.isInteger(token) || token < 0 || cpuOf(token) >= this.#cpus)
      throw new UrcuError(
        'ERR_TOKEN',
        `expected the token of a read lock (a CPU below ${this.#cpus}), got ${String(token)}`,
      );
    if (!this.#areOwned) return;
    const open = this.#processes[t.id] === t.process.id ? this.#sections[t.id] : undefined;
    const at = open?.lastIndexOf(token) ?? -1;
    if (at >= 0) open!.splice(at, 1);
    // In a forked child that has not said so yet, sections of the parent are good as well.
    else if (open !== undefined || t.process.id === this.#home)
      throw new UrcuError(
        'ERR_TOKEN',
        `expected a token of the sections that thread ${t.id} ${t.name} is in (${listed(open)}), got ` +
          `${inWords(token)}: spent, or of another thread or domain`,
      );
  }
}

function listed(open: readonly RcuToken[] = []): string {
  return open.length === 0 ? 'none' : open.map(inWords).join(', ');
}

function inWords(token: RcuToken): string {
  return `period ${token & 1} of CPU ${cpuOf(token)}`;
}
