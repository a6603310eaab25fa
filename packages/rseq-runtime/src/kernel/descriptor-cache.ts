import type { KernelPort } from '@rseqlab/sim-machine';

const ENTRIES = 16;
const WORDS = 6;

/** An address at which no descriptor can be: 0 says that none is armed. */
const NO_DESCRIPTOR = 0;

/** Words of an entry. */
const Field = {
  Descriptor: 0,
  Signature: 1,
  StartIp: 2,
  PostCommitOffset: 3,
  AbortIp: 4,
  Flags: 5,
};

/** What the text says of a section that was found valid. */
export interface CachedSection {
  startIp: number;
  postCommitOffset: number;
  abortIp: number;
  flags: number;
}

/**
 * Descriptors that were read and found valid, so that they need not be read at every preemption.
 *
 * Holds only such as lie in the text segment together with their signature, and forgets all when a
 * word there changes: what is read again would be the same.
 */
export class DescriptorCache {
  readonly #kernel: Pick<KernelPort, 'isText' | 'textVersion'>;
  readonly #entries = new Int32Array(ENTRIES * WORDS);
  #version = -1;

  constructor(kernel: Pick<KernelPort, 'isText' | 'textVersion'>) {
    this.#kernel = kernel;
  }

  /**
   * Forgets all, at the start of a run: reading a descriptor for the first time can fault its page
   * in, which has to happen in every run.
   */
  clear(): void {
    for (let at = 0; at < ENTRIES * WORDS; at += WORDS) this.#entries[at] = NO_DESCRIPTOR;
  }

  /** Fills in what is known of a descriptor; false when nothing is. */
  find(descriptor: number, signature: number, into: CachedSection): boolean {
    const version = this.#kernel.textVersion();
    if (version !== this.#version) {
      this.clear();
      this.#version = version;
      return false;
    }
    const entries = this.#entries;
    const at = placeOf(descriptor);
    if (entries[at] !== descriptor || entries[at + Field.Signature] !== signature) return false;
    into.startIp = entries[at + Field.StartIp]!;
    into.postCommitOffset = entries[at + Field.PostCommitOffset]!;
    into.abortIp = entries[at + Field.AbortIp]!;
    into.flags = entries[at + Field.Flags]!;
    return true;
  }

  /** Keeps a valid descriptor of `bytes` bytes, if it and the abort handler's signature are text. */
  keep(descriptor: number, bytes: number, signature: number, section: CachedSection): void {
    const { isText } = this.#kernel;
    if (!isText(descriptor, bytes) || !isText(section.abortIp - 4, 4)) return;
    const entries = this.#entries;
    const at = placeOf(descriptor);
    entries[at] = descriptor;
    entries[at + Field.Signature] = signature;
    entries[at + Field.StartIp] = section.startIp;
    entries[at + Field.PostCommitOffset] = section.postCommitOffset;
    entries[at + Field.AbortIp] = section.abortIp;
    entries[at + Field.Flags] = section.flags;
  }
}

function placeOf(descriptor: number): number {
  return ((descriptor >>> 5) & (ENTRIES - 1)) * WORDS;
}
