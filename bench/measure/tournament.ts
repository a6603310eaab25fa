import type { Contestant } from './contestant.js';
import { quartiles } from './quartiles.js';
import type { Quartiles } from './quartiles.js';
import type { Sample } from './sample.js';

/** Rounds whose result is thrown away: until then code is still being optimized. */
const WARM_UP_ROUNDS = 4;

/** The time that counts: of the processor, or of the clock on the wall. */
export type TimeKind = 'seconds' | 'realSeconds';

/**
 * Contestants that play in turns, so that a ratio is taken between measurements that lie next to
 * each other, on a machine in the same state.
 */
export class Tournament {
  readonly #contestants: readonly Contestant[];
  readonly #samples = new Map<string, Sample[]>();

  constructor(contestants: readonly Contestant[]) {
    this.#contestants = contestants;
  }

  /**
   * Plays `rounds` rounds that count, and ends the contestants.
   *
   * @param warmUps - rounds before these; none for contestants that begin anew every round
   */
  async play(rounds: number, warmUps: number = WARM_UP_ROUNDS): Promise<void> {
    for (const { name } of this.#contestants) this.#samples.set(name, []);
    try {
      for (let round = -warmUps; round < rounds; round++)
        for (const contestant of this.#contestants) {
          const sample = await contestant.round();
          if (round >= 0) this.#samplesOf(contestant.name).push(sample);
        }
    } finally {
      for (const contestant of this.#contestants) contestant.close();
    }
  }

  /** Work a second. */
  rate(name: string, time: TimeKind = 'seconds'): Quartiles {
    return quartiles(this.#samplesOf(name).map((one) => rateOf(one, time)));
  }

  /** The work of a round: the first that counts. */
  work(name: string): number {
    return this.#samplesOf(name)[0]?.work ?? NaN;
  }

  /** Nanoseconds a step of the simulated machine. */
  nsPerStep(name: string): Quartiles {
    return quartiles(this.#samplesOf(name).map(nsPerStep));
  }

  /** How many times as fast as another, by the rounds' own ratios. */
  ratio(name: string, base: string, time: TimeKind = 'seconds'): Quartiles {
    const bases = this.#samplesOf(base);
    return quartiles(
      this.#samplesOf(name).map((own, i) => rateOf(own, time) / rateOf(bases[i]!, time)),
    );
  }

  /** How many times as long a step takes as with another, by the rounds' own ratios. */
  stepFactor(name: string, base: string): Quartiles {
    const bases = this.#samplesOf(base);
    return quartiles(this.#samplesOf(name).map((own, i) => nsPerStep(own) / nsPerStep(bases[i]!)));
  }

  #samplesOf(name: string): Sample[] {
    const samples = this.#samples.get(name);
    if (samples === undefined) throw new RangeError(`expected a contestant, got "${name}"`);
    return samples;
  }
}

function rateOf(one: Sample, time: TimeKind): number {
  return one.work / (one[time] ?? NaN);
}

function nsPerStep({ steps, seconds }: Sample): number {
  return (seconds / (steps ?? NaN)) * 1e9;
}
