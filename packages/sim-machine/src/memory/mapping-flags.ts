/**
 * What may be done with a page; `protection` arguments are sums of these.
 *
 * As on x86, a page that may be written or executed may also be read.
 *
 * @source include/uapi/asm-generic/mman-common.h, mmap(2)
 */
export const Protection = {
  None: 0,
  Read: 1,
  Write: 2,
  Execute: 4,
} as const;

/** All protection bits. */
export const PROTECTION_MASK = 7;

/**
 * How a mapping is made.
 *
 * Others are ignored, as Linux does with those it does not know under MAP_SHARED or MAP_PRIVATE.
 *
 * @source include/uapi/linux/mman.h, include/uapi/asm-generic/mman-common.h, mmap(2)
 */
export const MapFlag = {
  Shared: 0x01,
  Private: 0x02,
  SharedValidate: 0x03,
  Fixed: 0x10,
  Anonymous: 0x20,
  Populate: 0x8000,
  FixedNoReplace: 0x100000,
} as const;

/** The bits of the flags that say whether a mapping is shared. */
export const MAP_TYPE_MASK = 0x0f;

/**
 * Advice that madvise knows; all but DontNeed change nothing.
 *
 * @source include/uapi/asm-generic/mman-common.h, madvise(2)
 */
export const Advice = {
  Normal: 0,
  Random: 1,
  Sequential: 2,
  WillNeed: 3,
  DontNeed: 4,
} as const;
