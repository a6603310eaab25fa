/** Ages that are told apart, in grace periods since an element was replaced; the last one is "or older". */
export const AGES = 10;

/** The oldest that a reader may see: one that was replaced, and whose grace period has not passed. */
export const OLDEST_RIGHT = 1;

/** Ways to have a grace period pass. */
export const WAYS = ['synchronize', 'expedited', 'polled', 'call_rcu', 'defer_rcu'] as const;

/** One of {@link WAYS}. */
export type Way = (typeof WAYS)[number];

/** What else an execution did, by name. */
export const DEEDS = [
  'nested',
  'overlapping sections',
  'handed over',
  'in signal handlers',
  'barriers',
  'forks',
  'kernel events',
  'CPUs on- and offline',
  'killed',
] as const;

/** One of {@link DEEDS}. */
export type Deed = (typeof DEEDS)[number];

/** What is counted over executions; from outside, so that counting decides nothing. */
export class TortureTally {
  /** How often a reader saw an element of each age. */
  readonly ages: number[] = new Array<number>(AGES + 1).fill(0);
  /** Grace periods that passed, by how they were asked for. */
  readonly gracePeriods: Record<Way, number> = zeroes(WAYS);
  /** See {@link DEEDS}. */
  readonly deeds: Record<Deed, number> = zeroes(DEEDS);
  /** Read sections. */
  sections = 0;
  /** Those of them beside which a grace period was under way. */
  besideGracePeriods = 0;
  /** What was wrong first, other than ages. */
  wrong: string | undefined;
  #begun = 0;
  #ended = 0;

  /** A read section begins; give the result to {@link left}. */
  entered(): number {
    return this.#begun > this.#ended ? -1 : this.#begun;
  }

  /** A section ends, in which an element of this age was seen. */
  left(entered: number, age: number): void {
    this.sections += 1;
    if (entered !== this.#begun) this.besideGracePeriods += 1;
    this.ages[Math.min(age, AGES)]! += 1;
  }

  /** A grace period is asked for. */
  begun(): void {
    this.#begun += 1;
  }

  /** It has passed. */
  passed(way: Way): void {
    this.#ended += 1;
    this.gracePeriods[way] += 1;
  }

  /** Notes what is wrong, unless something was before. */
  complain(message: string): void {
    this.wrong ??= message;
  }

  /** The oldest age that was seen. */
  get oldest(): number {
    return this.ages.reduce((last, count, age) => (count > 0 ? age : last), 0);
  }

  /** Adds what another counted. */
  add(other: TortureTally): void {
    for (const [age, count] of other.ages.entries()) this.ages[age]! += count;
    for (const way of WAYS) this.gracePeriods[way] += other.gracePeriods[way];
    for (const deed of DEEDS) this.deeds[deed] += other.deeds[deed];
    this.sections += other.sections;
    this.besideGracePeriods += other.besideGracePeriods;
    if (other.wrong !== undefined) this.complain(other.wrong);
  }
}

function zeroes<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
