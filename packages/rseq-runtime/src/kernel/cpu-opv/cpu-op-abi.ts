/**
 * Operations of a cpu_opv vector.
 *
 * @source the patch series "cpu_opv: Provide cpu_opv system call", v9 to v12
 *   (include/uapi/linux/cpu_opv.h, enum cpu_op_type)
 */
export const CpuOpCode = {
  COMPARE_EQ: 0,
  COMPARE_NE: 1,
  MEMCPY: 2,
  ADD: 3,
  OR: 4,
  AND: 5,
  XOR: 6,
  LSHIFT: 7,
  RSHIFT: 8,
  MB: 9,
} as const;

/** One of {@link CpuOpCode}. */
export type CpuOpCode = (typeof CpuOpCode)[keyof typeof CpuOpCode];

/**
 * Byte offsets in `struct cpu_op`, 32 bytes; 64-bit fields have their lower word at the offset.
 *
 * | offset | COMPARE_EQ, COMPARE_NE | MEMCPY           | ADD            | OR, AND, XOR   | LSHIFT, RSHIFT |
 * |--------|------------------------|------------------|----------------|----------------|----------------|
 * | 0      | op s32                 | op               | op             | op             | op             |
 * | 4      | len u32                | len              | len            | len            | len            |
 * | 8      | a, address u64         | dst u64          | p u64          | p u64          | p u64          |
 * | 16     | b, address u64         | src u64          | count s64      | mask u64       | bits u32       |
 * | 20     |                        |                  |                |                | expect_fault_p |
 * | 24     | expect_fault_a u8      | expect_fault_dst | expect_fault_p | expect_fault_p |                |
 * | 25     | expect_fault_b u8      | expect_fault_src |                |                |                |
 *
 * MB uses none but `op`.
 *
 * @source the patch series "cpu_opv", v9 to v12 (include/uapi/linux/cpu_opv.h, struct cpu_op)
 */
export const CpuOpOffset = {
  op: 0,
  len: 4,
  first: 8,
  firstHigh: 12,
  second: 16,
  secondHigh: 20,
  shiftExpectFault: 20,
  expectFaultFirst: 24,
  expectFaultSecond: 25,
} as const;

/** Size of `struct cpu_op`, in bytes. */
export const CPU_OP_BYTES = 32;

/** Operations that a vector can have. */
export const CPU_OP_VEC_LEN_MAX = 16;

/** Bytes that one operation can work on. */
export const CPU_OP_DATA_LEN_MAX = 4096;

/** Bytes that all operations of a vector can work on: one of 4096 and fifteen of 8; MB has none. */
export const CPU_OP_VEC_DATA_LEN_MAX = 4216;
