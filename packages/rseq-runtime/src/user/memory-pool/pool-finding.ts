/** What a robust pool found. */
export interface PoolFinding {
  /**
   * `double-free`: a free of an item that is free. `invalid-free`: of an address where no item
   * starts. `overrun`: an item was freed, or the pool destroyed, with its red zone changed.
   * `use-after-free`: a free item was changed. `leak`: an item was never freed.
   */
  readonly finding: 'double-free' | 'invalid-free' | 'overrun' | 'use-after-free' | 'leak';
  /** Name of the pool. */
  readonly pool: string;
  /** The item, as it was allocated: its address on CPU 0. */
  readonly item: number;
  /** The CPU whose memory was changed; absent where it is no question of memory, or was the initial value. */
  readonly cpu?: number;
  /** Address of the first word that was changed. */
  readonly address?: number;
}

/** One line about a finding. */
export function describePoolFinding(found: PoolFinding): string {
  const { finding, pool, item, cpu, address } = found;
  const where =
    address === undefined
      ? ''
      : ` at ${hexadecimal(address)}${cpu === undefined ? '' : ` of CPU ${cpu}`}`;
  return `${finding} in pool "${pool}": item ${hexadecimal(item)}${where}`;
}

function hexadecimal(address: number): string {
  return `0x${(address >>> 0).toString(16)}`;
}
