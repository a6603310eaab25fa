/**
 * What a read lock returns and its unlock takes: the period, and the CPU whose counter was raised.
 *
 * | bits | 0      | 1..12 |
 * |------|--------|-------|
 * |      | period | CPU   |
 *
 * A word, so that it can be kept in simulated memory and handed to another thread.
 */
export type RcuToken = number & { readonly brand: 'RcuToken' };

/** Bits of a token below the CPU's number. */
export const TOKEN_CPU_SHIFT = 1;

/** CPU of a token. */
export function cpuOf(token: RcuToken): number {
  return token >>> TOKEN_CPU_SHIFT;
}
