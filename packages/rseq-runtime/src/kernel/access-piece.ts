/** Bytes of the next access where `left` (at least 1) are left: as many as one access can have. */
export function pieceOf(left: number): number {
  if (left >= 8) return 8;
  if (left >= 4) return 4;
  return left >= 2 ? 2 : 1;
}
