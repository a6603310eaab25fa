/** What the caches had to do for an access; {@link CROSSES_NODE} may be added to it. */
export const CacheOutcome = {
  /** The CPU had the line as it needed it. */
  Hit: 0,
  /** No cache had it. */
  MemoryFetch: 1,
  /** It came from elsewhere, unmodified. */
  RemoteClean: 2,
  /** It came from the CPU that had modified it. */
  RemoteDirty: 3,
  /** The CPU had it, and others had to drop their copies before the write. */
  Upgrade: 4,
  /** It came from elsewhere, and all who had it had to drop it before the write. */
  FetchAndUpgrade: 5,
} as const;

/** One of the {@link CacheOutcome} values. */
export type CacheOutcome = (typeof CacheOutcome)[keyof typeof CacheOutcome];

/** Added to a {@link CacheOutcome} when caches of another NUMA node took part. */
export const CROSSES_NODE = 8;
