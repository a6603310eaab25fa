/** The last part of a long unit, in which it is seen how far up it goes. */
const LAST_PART = 1 / 8;

/**
 * Where a unit ends that is too long, so that its rest is left to others.
 *
 * In the middle of a search depth first the points that were reached last have little left each, and a part of the rest is
 * not worth handing on where it is done sooner than that. So a unit goes on until the search is as far up as it has been
 * for a while: all that it came to since is done then, and what is left are points that were reached long before.
 */
export class LongUnit {
  readonly #most: number;
  #top = Infinity;

  /** @param most - executions after which it is too long; it ends before twice as many */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Whether it ends before an execution; to be asked before each.
   *
   * @param executions - how many there were
   * @param depth - events that the execution shares with the one before
   */
  endsAt(executions: number, depth: number): boolean {
    const most = this.#most;
    if (executions >= most) return depth <= this.#top || executions >= 2 * most;
    if (executions >= most * (1 - LAST_PART)) this.#top = Math.min(this.#top, depth);
    return false;
  }
}
