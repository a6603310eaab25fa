import { plural } from '@rseqlab/explorer';
import type { LaneReport, LaneWork, StateRounds } from '@rseqlab/explorer';
import type { CommandIo, Progress } from '../command-io.js';
import type { Crew } from './crew.js';
import { UnitCounts } from './unit-counts.js';
import { unitsProgress } from './units-progress.js';

/** How often progress is shown, in milliseconds. */
const SHOW_MS = 200;

/** Of what is done together it is not known how much is left. */
const UNKNOWN_SHARE = { done: 0, known: 1, share: 0 } as const;

/** Rounds of a search being made by a team of crews, of one worker each. */
export class RoundsAtWork {
  /** What the search came to. */
  readonly finished: Promise<unknown>;
  readonly #team: readonly Crew[];
  readonly #rounds: StateRounds;
  readonly #counts: UnitCounts;
  readonly #io: CommandIo;
  readonly #progress: Progress;
  readonly #showing: ReturnType<typeof setInterval>;
  #isStopped = false;

  constructor(team: readonly Crew[], rounds: StateRounds, what: string, io: CommandIo) {
    this.#team = team;
    this.#rounds = rounds;
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

  /** Ends the round, and shows no progress any more. */
  stop(): void {
    this.#isStopped = true;
    this.#rounds.stop();
    clearInterval(this.#showing);
    this.#progress.stop();
  }

  async #work(): Promise<unknown> {
    const rounds = this.#rounds;
    for (let works = rounds.next(); works !== undefined; works = rounds.next()) {
      const values = await this.#perform(works);
      if (this.#isStopped) return undefined;
      if (typeof values[0] === 'number') rounds.note(values[0]);
      else rounds.note(values as readonly LaneReport[]);
    }
    if (!rounds.needsOne) return rounds.value;
    const [value] = await this.#perform(['everything']);
    return value;
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
