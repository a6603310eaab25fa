import { BpfCode } from '../kernel/bpf/bpf-abi.js';
import { EbpfCode, EbpfHelper } from '../kernel/ebpf/ebpf-abi.js';
import { Bpf, encodeBpf } from './bpf-program.js';
import { CpuOpVector } from './cpu-op-vector.js';
import { EbpfBuilder } from './ebpf-program.js';
import { bpfCopy, ebpfCopy } from './fallback-copies.js';

/** Why an encoding cannot say an operation. */
export interface NotExpressible {
  readonly reason: string;
}

/** A per-CPU operation in the three encodings that a kernel could take as a fallback. */
export interface FallbackEncodings {
  /** For cpu_opv. */
  readonly vector: CpuOpVector | NotExpressible;
  /** For `bpfOnCpu`: two words an instruction. */
  readonly bpf: Int32Array | NotExpressible;
  /** For `ebpfOnCpu`: two words an instruction. */
  readonly ebpf: Int32Array | NotExpressible;
}

/** What an operation returns when its comparison fails. */
const MISMATCH = 1;

/** `*p += count`, a word. */
export function encodeAdd(p: number, count: number): FallbackEncodings {
  return {
    vector: new CpuOpVector([{ op: 'ADD', len: 4, p, count }]),
    bpf: encodeBpf([Bpf.load(p), Bpf.compute(BpfCode.ADD, count), Bpf.store(p), Bpf.end(0)]),
    ebpf: new EbpfBuilder()
      .readUser(-8, 4, p, 'end')
      .loadSlot(1, -8, 4)
      .move(2, count)
      .compute(EbpfCode.ADD, 1, 2)
      .storeSlot(-8, 1, 4)
      .writeUser(p, -8, 4)
      .label('end')
      .exit()
      .build(),
  };
}

/** `*p += count`, 64 bits in one access each way. */
export function encodeAdd64(p: number, low: number, high: number): FallbackEncodings {
  return {
    vector: new CpuOpVector([{ op: 'ADD', len: 8, p, count: { low, high } }]),
    bpf: { reason: 'its registers have 32 bits: 8 bytes take two accesses each way' },
    ebpf: new EbpfBuilder()
      .readUser(-8, 8, p, 'end')
      .loadSlot(1, -8, 8)
      .moveWide(2, low, high)
      .compute(EbpfCode.ADD, 1, 2)
      .storeSlot(-8, 1, 8)
      .writeUser(p, -8, 8)
      .label('end')
      .exit()
      .build(),
  };
}

/** `if (*p != expected) return 1; *p = value`. */
export function encodeCompareAndStore(
  p: number,
  expected: number,
  value: number,
): FallbackEncodings {
  return {
    vector: new CpuOpVector([
      { op: 'COMPARE_EQ', len: 4, a: p, b: { low: expected } },
      { op: 'MEMCPY', len: 4, dst: p, src: { low: value } },
    ]),
    bpf: encodeBpf([
      Bpf.load(p),
      Bpf.ifEqual(expected, 0, 3),
      Bpf.constant(value),
      Bpf.store(p),
      Bpf.end(0),
      Bpf.end(MISMATCH),
    ]),
    ebpf: new EbpfBuilder()
      .readUser(-8, 4, p, 'end')
      .loadSlot(1, -8, 4)
      .move(0, MISMATCH)
      .jumpIf(EbpfCode.JNE, 1, expected, 'end')
      .setSlot(-8, value)
      .writeUser(p, -8, 4)
      .label('end')
      .exit()
      .build(),
  };
}

/** `node->next = *head; *head = node`, with `next` first in the node. */
export function encodePush(head: number, node: number): FallbackEncodings {
  return {
    vector: new CpuOpVector([
      { op: 'MEMCPY', len: 4, dst: node, src: head },
      { op: 'MEMCPY', len: 4, dst: head, src: { low: node } },
    ]),
    bpf: encodeBpf([
      Bpf.load(head),
      Bpf.store(node),
      Bpf.constant(node),
      Bpf.store(head),
      Bpf.end(0),
    ]),
    ebpf: new EbpfBuilder()
      .readUser(-8, 4, head, 'end')
      .writeUser(node, -8, 4)
      .jumpIf(EbpfCode.JNE, 0, 0, 'end')
      .setSlot(-8, node)
      .writeUser(head, -8, 4)
      .label('end')
      .exit()
      .build(),
  };
}

/**
 * `if (*head == 0) return 1; *popped = *head; *head = *(*head + next)`.
 *
 * @param observed what the caller found in `*head`, which the vector compares with (and returns 2
 *   for another); without it the vector would have to follow a pointer that it loads
 */
export function encodePop(
  head: number,
  next: number,
  popped: number,
  observed?: number,
): FallbackEncodings {
  return {
    vector:
      observed === undefined
        ? { reason: 'no operand is an address that an earlier operation loaded' }
        : new CpuOpVector([
            { op: 'COMPARE_NE', len: 4, a: head, b: { low: 0 } },
            { op: 'COMPARE_EQ', len: 4, a: head, b: { low: observed } },
            { op: 'MEMCPY', len: 4, dst: popped, src: head },
            { op: 'MEMCPY', len: 4, dst: head, src: observed + next, expectFaultSrc: true },
          ]),
    bpf: encodeBpf([
      Bpf.load(head),
      Bpf.ifEqual(0, 5, 0),
      Bpf.store(popped),
      Bpf.toX,
      Bpf.loadIndirect(next),
      Bpf.store(head),
      Bpf.end(0),
      Bpf.end(MISMATCH),
    ]),
    ebpf: new EbpfBuilder()
      .readUser(-8, 4, head, 'end')
      .loadSlot(6, -8, 4)
      .move(0, MISMATCH)
      .jumpIf(EbpfCode.JEQ, 6, 0, 'end')
      .writeUser(popped, -8, 4)
      .jumpIf(EbpfCode.JNE, 0, 0, 'end')
      .move(1, next)
      .compute(EbpfCode.ADD, 6, 1)
      .readUser(-8, 4, { register: 6 }, 'end')
      .writeUser(head, -8, 4)
      .label('end')
      .exit()
      .build(),
  };
}

/**
 * Copies `length` bytes, then `*p = value`: as a release store, with a fence in front of it, where
 * asked.
 */
export function encodeCopyThenStore(
  dst: number,
  src: number,
  length: number,
  p: number,
  value: number,
  release: boolean,
): FallbackEncodings {
  const store = { op: 'MEMCPY', len: 4, dst: p, src: { low: value } } as const;
  const copy = { op: 'MEMCPY', len: length, dst, src } as const;
  const ebpf = ebpfCopy(new EbpfBuilder(), dst, src, length, 'end');
  if (release) ebpf.call(EbpfHelper.fullFence);
  return {
    vector: new CpuOpVector(release ? [copy, { op: 'MB' }, store] : [copy, store]),
    bpf: release
      ? { reason: 'it has no fence' }
      : encodeBpf([...bpfCopy(dst, src, length), Bpf.constant(value), Bpf.store(p), Bpf.end(0)]),
    ebpf: ebpf.setSlot(-8, value).writeUser(p, -8, 4).label('end').exit().build(),
  };
}
