import { INJECTIONS } from '../inject/injection.js';
import type { StressOptions } from './stress-run.js';

/** A middle-sized test of everything. */
export const DEFAULT_OPTIONS: StressOptions = {
  seed: 1,
  cpus: 2,
  threads: 4,
  unregistered: 1,
  iterations: 10,
  memory: 'tso',
  aborts: true,
  kinds: INJECTIONS,
  points: [],
  oneIn: 8,
};
