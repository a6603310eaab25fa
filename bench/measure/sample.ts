/** How much was done, and how much processor time it took. */
export interface Sample {
  /** In units that the contestant chooses; the same for all that are compared. */
  readonly work: number;
  /** Processor time of the whole process: what else runs on the machine counts little. */
  readonly seconds: number;
  /** Real time, as a user waits, where it was taken; true only of a machine that has nothing else to do. */
  readonly realSeconds?: number;
  /** Instructions of the simulated machine, where it counts any. */
  readonly steps?: number;
}

/** Does something once and returns what was done. */
export type Round = () => Sample;

const MICROSECONDS = 1e6;

/** Runs `action`, which returns what it did, and takes its processor time. */
export function sample(action: () => Omit<Sample, 'seconds'>): Sample {
  const start = process.cpuUsage();
  const done = action();
  const { user, system } = process.cpuUsage(start);
  return { ...done, seconds: (user + system) / MICROSECONDS };
}
