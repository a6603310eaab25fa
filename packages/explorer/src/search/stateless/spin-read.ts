/** A read of a thread that spins: what it found, and will find until that changes. */
export interface SpinRead {
  readonly location: number;
  readonly value: number;
}
