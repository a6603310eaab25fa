import { setTimeout } from 'node:timers/promises';
import { plural } from '@rseqlab/explorer';
import type { LaneReport, LaneWork, StateRounds } from '@rseqlab/explorer';
import type { CommandIo, Progress } from '../command-io.js';
import type { Crew } from './crew.js';
import type { StateKeeper } from './state-keeper.js';
import { UnitCounts } from './unit-counts.js';
import { unitsProgress } from './units-progress.js';

/** How often progress is shown, in milliseconds. */
const SHOW_MS = 200;

/** Of what is done together it is not known how much is left. */
const UNKNOWN_SHARE = { done: 0, known: 1, share: 0 } as const;

/** Rounds to be made, and who makes them. */
export interface RoundsToDo {
  /** Crews of one worker each. */
  readonly team: readonly Crew[];
  readonly rounds: StateRounds;
  /** What is being done, for the progress. */
  readonly what: string;
  /** Keeps what is done. */
  readonly keeper: StateKeeper | undefined;
}

/** How long it is waited for the end of a round, in milliseconds: a thread may be busy with a user's code. */
const END_MS = 2000;

/** Rounds of a search being made. */
export class RoundsAtWork {
  /** What the search came to. */
  readonly finished: Promise<unknown>;
  readonly #team: readonly Crew[];
  readonly #rounds: StateRounds;
  readonly #keeper: StateKeeper | undefined;
  readonly #counts: UnitCounts;
  readonly #io: CommandIo;
  readonly #progress: Progress;
  readonly #showing: ReturnType<typeof setInterval>;
  #isStopped = false;

  constructor({ team, rounds, what, keeper }: RoundsToDo, io: CommandIo) {
    this.#team = team;
    this.#rounds = rounds;
    this.#keeper = keeper;
    this.#io = io;
    const countsOf: Crew['countsOf'] = (lane) => team[lane]!.countsOf(0);
    this.#counts = new UnitCounts({ countsOf }, team.length, 0, io.nowMs());
    this.#progress = io.startProgress(what);
    this.#showing = setInterval(() => {
      this.#progress.update(unitsProgress(what, this.#soFar));
    }, SHOW_MS);
    this.finished = this.#work();
  }

  /** How many executions there were, if any. */
  soFarText(): string {
    const { executions } = this.#soFar.counts;
    return executions === 0 ? '' : ` after ${plural(executions, 'execution')}`;
  }

  /** Ends the round, and keeps what was done in it, unless that takes too long. */
  async end(): Promise<void> {
    this.#isStopped = true;
    this.#rounds.stop();
    const ended = this.finished.catch(() => undefined);
    const patience = new AbortController();
    await Promise.race([ended, setTimeout(END_MS, undefined, patience).catch(() => undefined)]);
    patience.abort();
  }

  /** Begins no other round, and shows no progress any more. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#showing);
    this.#progress.stop();
  }

  async #work(): Promise<unknown> {
    const rounds = this.#rounds;
    for (let works = rounds.next(); works !== undefined; works = rounds.next()) {
      const values = await this.#round(works);
      if (typeof values[0] === 'number') rounds.note(values[0]);
      else {
        rounds.note(values as readonly LaneReport[]);
        this.#keeper?.keep(rounds, this.#isStopped);
      }
      if (this.#isStopped) return undefined;
    }
    if (!rounds.needsOne) {
      this.#keeper?.keep(rounds, true);
      return rounds.value;
    }
    const [value] = await this.#perform(['everything']);
    return value;
  }

  /** Lets a round last no longer than until something is to be kept. */
  async #round(works: readonly LaneWork[]): Promise<readonly unknown[]> {
    const ending = this.#keeper && setInterval(() => this.#rounds.stop(), this.#keeper.intervalMs);
    try {
      return await this.#perform(works);
    } finally {
      clearInterval(ending);
    }
  }

  #perform(works: readonly LaneWork[]): Promise<readonly unknown[]> {
    return Promise.all(
      works.map(async (work, lane) => {
        const { value } = await this.#team[lane]!.perform(0, work, []);
        return value;
      }),
    );
  }

  get #soFar(): ReturnType<UnitCounts['soFar']> {
    return this.#counts.soFar(UNKNOWN_SHARE, this.#io.nowMs());
  }
}
