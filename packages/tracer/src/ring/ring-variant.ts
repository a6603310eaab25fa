/** How the sections of a ring are written. All but the default is for seeing what goes wrong otherwise. */
export interface RingVariant {
  /**
   * When the clock is read: behind the offset, in the section; before the section; or not at all, which
   * keeps searches small where times do not matter.
   */
  readonly clock: 'in section' | 'before section' | 'none';
  /** Whether a commit is a release. */
  readonly releases: boolean;
  /** Whether commits by section and by atomic have words of their own. */
  readonly splitsCommits: boolean;
  /** Whether a producer repairs what a dead one left in the place that it comes around to; default true. */
  readonly repairsWraps?: boolean;
  /** How often an aborted reservation is begun again before the event is lost; searches want few. */
  readonly attempts: number;
}

/** How the sections are. @internal */
export const RING_VARIANT: RingVariant = {
  clock: 'in section',
  releases: true,
  splitsCommits: true,
  attempts: 100,
};
