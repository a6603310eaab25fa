/**
 * A word of a program's memory that hot paths look at again and again, and where a look found it last.
 *
 * Programs make it once and give it to {@link Thread.loadNow} and {@link Thread.isZeroNow}. It is a note of the host:
 * nothing on the machine depends on what is in it.
 */
export class WatchedWord {
  /** Where it is in the address space of those who look; a multiple of 4. */
  readonly address: number;
  /** Register file of the thread that found it; -1 before. @internal */
  base = -1;
  /** The translations' generation then. @internal */
  generation = 0;
  /** Which word of physical memory it is, as long as both hold. @internal */
  index = 0;

  /** @param address a multiple of 4 */
  constructor(address: number) {
    this.address = address;
  }
}
