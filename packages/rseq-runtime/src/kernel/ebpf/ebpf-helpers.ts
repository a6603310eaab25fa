import { CostKind, Errno, isUserRange } from '@rseqlab/sim-machine';
import type { KernelWorkPort } from '@rseqlab/sim-machine';
import { EbpfHelper } from './ebpf-abi.js';
import type { EbpfFrame } from './ebpf-frame.js';
import { pieceOf } from '../access-piece.js';

const PAGE_BYTES = 4096;
/** Instructions of the call, the checks of the range and the return. */
const CALL_INSTRUCTIONS = 8;

/** Carries out a helper; its result is in r0. The verifier has seen its arguments. */
export function callHelper(
  frame: EbpfFrame,
  helper: number,
  work: KernelWorkPort,
  cpu: number,
): void {
  work.charge(CostKind.Instruction, CALL_INSTRUCTIONS);
  let result = 0;
  switch (helper) {
    case EbpfHelper.getSmpProcessorId:
      result = cpu;
      break;
    case EbpfHelper.probeReadUser:
      result = readUser(frame, work);
      break;
    case EbpfHelper.probeWriteUser:
      result = writeUser(frame, work);
      break;
    default:
      work.fence();
  }
  frame.set(0, result, result >> 31);
}

function readUser(frame: EbpfFrame, work: KernelWorkPort): number {
  const { low, high, stack } = frame;
  const at = low[1]!;
  const length = low[2]!;
  const address = low[3]!;
  if (high[3] !== 0 || !isReachable(work, address, length, false)) {
    for (let byte = 0; byte < length; byte++) stack.setUint8(at + byte, 0);
    return -Errno.EFAULT;
  }
  let done = 0;
  while (done < length) {
    const size = pieceOf(length - done);
    const value = work.load(address + done, size);
    put(stack, at + done, Math.min(size, 4), value);
    if (size === 8) put(stack, at + done + 4, 4, work.high);
    done += size;
  }
  work.charge(CostKind.StoreHit, Math.ceil(length / 8));
  return 0;
}

function writeUser(frame: EbpfFrame, work: KernelWorkPort): number {
  const { low, high, stack } = frame;
  const address = low[1]!;
  const at = low[2]!;
  const length = low[3]!;
  if (high[1] !== 0 || !isReachable(work, address, length, true)) return -Errno.EFAULT;
  let done = 0;
  while (done < length) {
    const size = pieceOf(length - done);
    const upper = size === 8 ? get(stack, at + done + 4, 4) : 0;
    work.store(address + done, size, get(stack, at + done, Math.min(size, 4)), upper);
    done += size;
  }
  work.charge(CostKind.LoadHit, Math.ceil(length / 8));
  return 0;
}

/** Whether the thread could access all of a range; brings its pages in. */
function isReachable(
  work: KernelWorkPort,
  address: number,
  length: number,
  write: boolean,
): boolean {
  if (!isUserRange(address, length)) return false;
  const last = (address + length - 1) & -PAGE_BYTES;
  for (let page = address & -PAGE_BYTES; page <= last; page += PAGE_BYTES)
    if (!work.pin(page, write)) return false;
  return true;
}

function get(stack: DataView, at: number, size: number): number {
  if (size === 4) return stack.getInt32(at, true);
  return size === 2 ? stack.getUint16(at, true) : stack.getUint8(at);
}

function put(stack: DataView, at: number, size: number, value: number): void {
  if (size === 4) stack.setInt32(at, value, true);
  else if (size === 2) stack.setInt16(at, value, true);
  else stack.setInt8(at, value);
}
