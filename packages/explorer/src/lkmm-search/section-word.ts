/**
 * Sections of a domain as counters of four bits: an odd counter stands for a section that goes on. A
 * counter that has changed is about another section, so who waits for sections can tell those that
 * were there from those that came later.
 */
const BITS = 4;

/** Counters in a word. */
export const SECTIONS_PER_WORD = 8;

/** A word with the lowest bit of each counter. */
export const ODD_COUNTERS = 0x11111111;

/** Whether a number is one of a section that goes on. */
export function isOpen(counters: number, index: number): boolean {
  if (index < 0 || index >= SECTIONS_PER_WORD) return false;
  return ((counters >>> (index * BITS)) & 1) === 1;
}

/** The number of the first counter that is even; -1 when all of the first `count` are odd. */
export function freeSection(counters: number, count: number): number {
  for (let index = 0; index < count; index++) if (!isOpen(counters, index)) return index;
  return -1;
}

/** The counters with one of them moved on: a section begins or ends. */
export function moveOn(counters: number, index: number): number {
  const shift = index * BITS;
  const mask = 0xf << shift;
  return (counters & ~mask) | ((counters + (1 << shift)) & mask);
}
