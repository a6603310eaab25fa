/**
 * Byte offsets in `struct rseq`.
 *
 * | offset | field        | note                                        |
 * |--------|--------------|---------------------------------------------|
 * | 0      | cpu_id_start | u32, always a possible CPU                  |
 * | 4      | cpu_id       | u32, -1 uninitialised, -2 failed            |
 * | 8      | rseq_cs      | u64, address of the descriptor or 0         |
 * | 16     | flags        | u32                                         |
 *
 * @source include/uapi/linux/rseq.h
 */
export const RseqOffset = {
  cpuIdStart: 0,
  cpuId: 4,
  rseqCs: 8,
  rseqCsHigh: 12,
  flags: 16,
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

/** `flags` of sys_rseq: unregister. */
export const RSEQ_FLAG_UNREGISTER = 1;

/** The word in front of every abort handler on x86. @source tools/testing/selftests/rseq/rseq-x86.h */
export const RSEQ_SIGNATURE = 0x53053053;
