/**
 * Links of the hash table's one list: the address of the next node, with what holds of the node that
 * the link is in.
 *
 * | bit | set when the node                                            |
 * |-----|--------------------------------------------------------------|
 * | 0   | is removed: its link does not change any more but for bit 2  |
 * | 1   | is a bucket: a place to start at, not an entry               |
 * | 2   | is removed, and somebody has the right to free it            |
 *
 * @source liburcu, src/rculfhash.c (REMOVED_FLAG, BUCKET_FLAG, REMOVAL_OWNER_FLAG)
 */
export const LinkFlag = { removed: 1, bucket: 2, removalOwner: 4 } as const;

const FLAGS = 7;

/** The address in a link. */
export function addressOf(link: number): number {
  return link & ~FLAGS;
}

/** Whether a flag of a link is set. */
export function hasFlag(link: number, flag: number): boolean {
  return (link & flag) !== 0;
}

/** A link to `address` that keeps the bucket flag of the link it takes the place of. */
export function keepingBucket(replaced: number, address: number): number {
  return address | (replaced & LinkFlag.bucket);
}

/**
 * The bits of a word in reverse. Entries are sorted by their hashes' reverse, so that a bucket that is
 * split has its entries in two halves, and the new bucket goes between them.
 *
 * @source Shalev and Shavit, "Split-Ordered Lists: Lock-Free Extensible Hash Tables", 2006
 */
export function reverseBits(word: number): number {
  let bits = word;
  bits = ((bits >>> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
  bits = ((bits >>> 8) & 0x00ff00ff) | ((bits & 0x00ff00ff) << 8);
  return ((bits >>> 16) | (bits << 16)) >>> 0;
}

/** Number of the bucket that is the parent of a bucket: the one it was split off. */
export function parentOf(bucket: number): number {
  return bucket & ~(1 << (31 - Math.clz32(bucket)));
}
