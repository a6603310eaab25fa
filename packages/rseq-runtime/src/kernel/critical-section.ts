import { isUserRange } from '@rseqlab/sim-machine';
import type { KernelPort, UserMemoryPort, UserStruct } from '@rseqlab/sim-machine';
import { DescriptorCache } from './descriptor-cache.js';
import { RseqCsOffset, RseqOffset } from './rseq-abi.js';

/** What {@link CriticalSectionReader.read} found. */
export const SectionState = {
  /** No descriptor is armed. */
  None: 0,
  /** A valid descriptor is armed; the reader's fields describe it. */
  Armed: 1,
  /** The descriptor or something it points to is not as it must be: the thread gets SIGSEGV. */
  Invalid: 2,
} as const;

/** One of {@link SectionState}. */
export type SectionState = (typeof SectionState)[keyof typeof SectionState];

const DESCRIPTOR_BYTES = 32;
const SIGNATURE_BYTES = 4;

/**
 * Reads and validates the descriptor that a thread has armed.
 *
 * Validation does not depend on where the thread is: a bad descriptor is fatal even while the
 * instruction pointer is outside of what it describes.
 *
 * @source kernel/rseq.c, v6.1 (rseq_get_rseq_cs)
 */
export class CriticalSectionReader {
  /** Address of the first instruction. */
  startIp = 0;
  /** Length in bytes. */
  postCommitOffset = 0;
  /** Address that an aborted section continues at. */
  abortIp = 0;
  /** The descriptor's flags. */
  flags = 0;
  readonly #user: UserMemoryPort;
  readonly #known: DescriptorCache;

  constructor(user: UserMemoryPort, text: Pick<KernelPort, 'isText' | 'textVersion'>) {
    this.#user = user;
    this.#known = new DescriptorCache(text);
  }

  /** As after construction. */
  reset(): void {
    this.#known.clear();
  }

  /** Reads the descriptor that an rseq area points to. */
  read(area: UserStruct, signature: number): SectionState {
    const descriptor = area.get32(RseqOffset.rseqCs);
    if (area.failed) return SectionState.Invalid;
    const high = area.get32(RseqOffset.rseqCsHigh);
    if (area.failed) return SectionState.Invalid;
    if (descriptor === 0 && high === 0) return SectionState.None;
    if (high === 0 && this.#known.find(descriptor, signature, this)) return SectionState.Armed;
    if (high !== 0 || !isUserRange(descriptor, DESCRIPTOR_BYTES)) return SectionState.Invalid;
    if (!this.#readFields(descriptor) || !this.#valid(signature)) return SectionState.Invalid;
    this.#known.keep(descriptor, DESCRIPTOR_BYTES, signature, this);
    return SectionState.Armed;
  }

  /** Whether an instruction pointer lies inside the section read last. */
  contains(ip: number): boolean {
    return (ip - this.startIp) >>> 0 < this.postCommitOffset >>> 0;
  }

  #readFields(descriptor: number): boolean {
    const user = this.#user;
    const version = user.get32(descriptor + RseqCsOffset.version);
    if (user.failed || version !== 0) return false;
    this.flags = user.get32(descriptor + RseqCsOffset.flags);
    if (user.failed) return false;
    this.startIp = user.get32(descriptor + RseqCsOffset.startIp);
    this.postCommitOffset = user.get32(descriptor + RseqCsOffset.postCommitOffset);
    this.abortIp = user.get32(descriptor + RseqCsOffset.abortIp);
    const upper =
      user.get32(descriptor + RseqCsOffset.startIpHigh) |
      user.get32(descriptor + RseqCsOffset.postCommitOffsetHigh) |
      user.get32(descriptor + RseqCsOffset.abortIpHigh);
    return upper === 0;
  }

  #valid(signature: number): boolean {
    const start = this.startIp >>> 0;
    const length = this.postCommitOffset >>> 0;
    const abort = this.abortIp >>> 0;
    if (!isUserRange(this.startIp, 1) || !isUserRange(this.abortIp, 1)) return false;
    if (start + length > 0xffffffff || !isUserRange((start + length) | 0, 1)) return false;
    if ((abort - start) >>> 0 < length) return false;
    const found = this.#user.get32(this.abortIp - SIGNATURE_BYTES);
    return !this.#user.failed && found === signature;
  }
}
