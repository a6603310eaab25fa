/**
 * Byte offsets in `struct rseq`.
 *
 * | offset | field        | note                                        |
 * |--------|--------------|---------------------------------------------|
 * | 0      | cpu_id_start | u32, always a possible CPU                  |
 * | 4      | cpu_id       | u32, -1 uninitialised, -2 failed            |
 * | 8      | rseq_cs      | u64, address of the descriptor or 0         |
 * | 16     | flags        | u32                                         |
 * | 20     | node_id      | u32, since 6.3                              |
 * | 24     | mm_cid       | u32, since 6.3                              |
 * | 28     | slice_ctrl   | u32, v7.1: the two bytes below              |
 * | 28     | .request     | u8, user space asks for an extension        |
 * | 29     | .granted     | u8, the kernel granted one                  |
 *
 * @source include/uapi/linux/rseq.h
 */
export const RseqOffset = {
  cpuIdStart: 0,
  cpuId: 4,
  rseqCs: 8,
  rseqCsHigh: 12,
  flags: 16,
  nodeId: 20,
  mmCid: 24,
  sliceCtrl: 28,
  sliceRequest: 28,
  sliceGranted: 29,
} as const;

/**
 * Byte offsets in `struct rseq_cs`.
 *
 * @source include/uapi/linux/rseq.h
 */
export const RseqCsOffset = {
  version: 0,
  flags: 4,
  startIp: 8,
  startIpHigh: 12,
  postCommitOffset: 16,
  postCommitOffsetHigh: 20,
  abortIp: 24,
  abortIpHigh: 28,
} as const;

/** Size and alignment of the original rseq area, in bytes. */
export const RSEQ_ORIGINAL_SIZE = 32;

/** `cpu_id` before registration. */
export const RSEQ_CPU_ID_UNINITIALIZED = -1;

/** `cpu_id` that the C library stores when its registration failed. */
export const RSEQ_CPU_ID_REGISTRATION_FAILED = -2;

/** `flags` of sys_rseq: unregister. */
export const RSEQ_FLAG_UNREGISTER = 1;

/** `flags` of sys_rseq in v7.1: the slice extension is enabled from the start. */
export const RSEQ_FLAG_SLICE_EXT_DEFAULT_ON = 2;

/**
 * Bits of `flags` in `struct rseq`. The first three are those of `flags` in `struct rseq_cs`, too;
 * v4.18 obeys them and nobody takes them any more. The others are the kernel's to write, since v7.1.
 *
 * @source include/uapi/linux/rseq.h (enum rseq_cs_flags)
 */
export const RseqCsFlag = {
  NoRestartOnPreempt: 1,
  NoRestartOnSignal: 2,
  NoRestartOnMigrate: 4,
  SliceExtAvailable: 16,
  SliceExtEnabled: 32,
} as const;

/** The word in front of every abort handler on x86. @source tools/testing/selftests/rseq/rseq-x86.h */
export const RSEQ_SIGNATURE = 0x53053053;
