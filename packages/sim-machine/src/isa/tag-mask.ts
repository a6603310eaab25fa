/**
 * The bits of an address that an access of a size compares with a translation tag: the page number,
 * and the low bits that alignment wants to be zero. As int32.
 */
export const TagMask = {
  Byte: -0x1000,
  Half: -0x0fff,
  Word: -0x0ffd,
  Pair: -0x0ff9,
} as const;
