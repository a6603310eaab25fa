/**
 * Commands of getcpu_cache.
 *
 * @source the patch series "getcpu_cache system call", February 2016 (include/uapi/linux/getcpu_cache.h)
 */
export const GetcpuCacheCommand = {
  /** Stores the address of the thread's cache. */
  GET: 0,
  /** Sets the address of the thread's cache. */
  SET: 1,
} as const;

/** One of {@link GetcpuCacheCommand}. */
export type GetcpuCacheCommand = (typeof GetcpuCacheCommand)[keyof typeof GetcpuCacheCommand];

/** Alignment of a cache, in bytes; it is an int32_t. */
export const GETCPU_CACHE_ALIGN = 4;
