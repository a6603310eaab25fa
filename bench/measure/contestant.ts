import type { Sample } from './sample.js';

/** Something that is measured round by round. */
export interface Contestant {
  /** Unique among those it is compared with. */
  readonly name: string;
  /** Plays one round. */
  round(): Promise<Sample>;
  /** Ends it; no round follows. */
  close(): void;
}
