import { BpfCode } from '../kernel/bpf/bpf-abi.js';
import { EbpfCode } from '../kernel/ebpf/ebpf-abi.js';
import type { BpfInstruction } from './bpf-program.js';
import type { EbpfBuilder } from './ebpf-program.js';

/** Bytes that an eBPF program has on its stack at once: all of it but a slot of 8. */
const CHUNK_BYTES = 504;

/** A copy in classic instructions: a load and a store for each 4, 2 or 1 bytes. */
export function bpfCopy(dst: number, src: number, length: number): readonly BpfInstruction[] {
  const { LD, ST, ABS, W, H, B } = BpfCode;
  const program: BpfInstruction[] = [];
  let done = 0;
  while (done < length) {
    const bytes = length - done >= 4 ? 4 : length - done >= 2 ? 2 : 1;
    const size = bytes === 4 ? W : bytes === 2 ? H : B;
    program.push(
      { code: LD | ABS | size, k: src + done },
      { code: ST | ABS | size, k: dst + done },
    );
    done += bytes;
  }
  return program;
}

/** A copy in eBPF, by way of the stack; at `failed` with -EFAULT in r0 where it cannot. */
export function ebpfCopy(
  builder: EbpfBuilder,
  dst: number,
  src: number,
  length: number,
  failed: string,
): EbpfBuilder {
  for (let done = 0; done < length; done += CHUNK_BYTES) {
    const bytes = Math.min(CHUNK_BYTES, length - done);
    builder
      .readUser(-8 - CHUNK_BYTES, bytes, src + done, failed)
      .writeUser(dst + done, -8 - CHUNK_BYTES, bytes)
      .jumpIf(EbpfCode.JNE, 0, 0, failed);
  }
  return builder;
}
