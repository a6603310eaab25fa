/** A critical section of a program; all places are byte offsets in the program. */
export interface SectionDescriptor {
  /** Also the label of the descriptor. */
  readonly name: string;
  /**
   * Where the descriptor lies: 32 bytes, 32-byte aligned, as `struct rseq_cs`.
   *
   * | bytes    | field                             |
   * |----------|-----------------------------------|
   * | 0 to 3   | version, 0                        |
   * | 4 to 7   | flags, 0                          |
   * | 8 to 15  | start_ip, an address              |
   * | 16 to 23 | post_commit_offset, from start_ip |
   * | 24 to 31 | abort_ip, an address              |
   *
   * @source include/uapi/linux/rseq.h
   */
  readonly descriptor: number;
  /** The first instruction of the section. */
  readonly start: number;
  /** The first instruction behind the committing store. */
  readonly postCommit: number;
  /** The abort handler; the signature is the word before it. */
  readonly abort: number;
  /** What the kernel wants to see in front of the abort handler, as int32. */
  readonly signature: number;
}

/** Size and alignment of a descriptor. */
export const DESCRIPTOR_BYTES = 32;

/** Byte offsets of a descriptor's fields; of 64-bit fields, the low word. */
export const DescriptorField = {
  StartIp: 8,
  PostCommitOffset: 16,
  AbortIp: 24,
} as const;

/** The labels that a descriptor is made of. */
export interface DescriptorLabels {
  /** Label of the first instruction. */
  readonly start: string;
  /** Label behind the committing store. */
  readonly postCommit: string;
  /** Label of the abort handler. */
  readonly abort: string;
  /** The word that has to stand in front of the abort handler. */
  readonly signature: number;
}
