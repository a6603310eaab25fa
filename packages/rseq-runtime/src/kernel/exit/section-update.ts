import { REGISTER_STRIDE, RegisterFile, isUserRange } from '@rseqlab/sim-machine';
import { DescriptorCache } from '../descriptor-cache.js';
import { RseqCsOffset, RseqOffset } from '../rseq-abi.js';
import type { PendingPorts } from './exit-policy.js';

const DESCRIPTOR_BYTES = 32;
const SIGNATURE_BYTES = 4;

/**
 * Aborts the section that a thread is in, or disarms the one that it is not in.
 *
 * In production only what could be abused is checked: that abort_ip is a user address behind the
 * signature, and that only with the thread inside. In debug mode everything is, and a thread that is
 * inside although no interrupt brought it into the kernel has made a system call there.
 *
 * @source include/linux/rseq_entry.h (rseq_update_user_cs, rseq_debug_update_user_cs)
 */
export class SectionUpdate {
  readonly #ports: PendingPorts;
  readonly #known: DescriptorCache;
  /** Whether every access of the current update succeeded. */
  #isReadable = true;
  // Fields of the descriptor that is looked at, for the cache.
  startIp = 0;
  postCommitOffset = 0;
  abortIp = 0;
  flags = 0;
  // Upper halves of those that were read.
  #startHigh = 0;
  #offsetHigh = 0;
  #abortHigh = 0;

  constructor(ports: PendingPorts) {
    this.#ports = ports;
    this.#known = new DescriptorCache(ports.kernel);
  }

  /** As after construction. */
  reset(): void {
    this.#known.clear();
  }

  /**
   * Looks at what is armed, for a thread whose registers are those of user mode.
   *
   * @param isInterrupted whether an interrupt brought it into the kernel
   * @returns false for what is fatal
   */
  run(thread: number, area: number, isInterrupted: boolean): boolean {
    this.#isReadable = true;
    const descriptor = this.#get(area + RseqOffset.rseqCs);
    const high = this.#get(area + RseqOffset.rseqCsHigh);
    if (!this.#isReadable) return false;
    if (descriptor === 0 && high === 0) return true;
    this.#ports.stats.cs += 1;
    if (!isUserAddress(descriptor, high)) return false;
    const ip = this.#ports.kernel.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    if (this.#ports.debug) return this.#debug(thread, area, descriptor, ip, isInterrupted);
    const signature = this.#ports.registration.signature[thread]!;
    if (!this.#known.find(descriptor, signature, this))
      return this.#readAndUpdate(thread, area, descriptor, ip);
    const isInside = (ip - this.startIp) >>> 0 < this.postCommitOffset >>> 0;
    return isInside ? this.#abort(thread, area, ip) : this.#clear(area);
  }

  /** Where a thread would go on after an interrupt: the abort handler of the section it is in, or 0. */
  continuesAt(thread: number, area: number): number {
    this.#isReadable = true;
    const { kernel, registration, aborts } = this.#ports;
    const descriptor = this.#get(area + RseqOffset.rseqCs);
    if (descriptor === 0 || !aborts || !this.#isReadable) return 0;
    const ip = kernel.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    // The answer must not depend on what was looked at before: it is one of the present state.
    if (!this.#known.find(descriptor, registration.signature[thread]!, this)) {
      this.#read(descriptor);
      if (!this.#isReadable || !this.#isInside(ip) || !this.#isAbortable(thread)) return 0;
    }
    return (ip - this.startIp) >>> 0 < this.postCommitOffset >>> 0 ? this.abortIp : 0;
  }

  #readAndUpdate(thread: number, area: number, descriptor: number, ip: number): boolean {
    this.#read(descriptor);
    if (!this.#isReadable) return false;
    if (!this.#isInside(ip)) return this.#clear(area);
    if (!this.#isAbortable(thread)) return false;
    if ((this.#startHigh | this.#offsetHigh) === 0) {
      const signature = this.#ports.registration.signature[thread]!;
      this.#known.keep(descriptor, DESCRIPTOR_BYTES, signature, this);
    }
    return this.#abort(thread, area, ip);
  }

  /** Reads where a section is, and where it is aborted to. */
  #read(descriptor: number): void {
    this.#startHigh = this.#get(descriptor + RseqCsOffset.startIpHigh);
    this.#offsetHigh = this.#get(descriptor + RseqCsOffset.postCommitOffsetHigh);
    this.#abortHigh = this.#get(descriptor + RseqCsOffset.abortIpHigh);
    this.startIp = this.#get(descriptor + RseqCsOffset.startIp);
    this.postCommitOffset = this.#get(descriptor + RseqCsOffset.postCommitOffset);
    this.abortIp = this.#get(descriptor + RseqCsOffset.abortIp);
  }

  #isInside(ip: number): boolean {
    return contains(ip, this.startIp, this.#startHigh, this.postCommitOffset, this.#offsetHigh);
  }

  #isAbortable(thread: number): boolean {
    return isUserAddress(this.abortIp, this.#abortHigh) && this.#isSigned(thread);
  }

  #debug(
    thread: number,
    area: number,
    descriptor: number,
    ip: number,
    isInterrupted: boolean,
  ): boolean {
    this.startIp = this.#get(descriptor + RseqCsOffset.startIp);
    const startHigh = this.#get(descriptor + RseqCsOffset.startIpHigh);
    if (!this.#isReadable || !isUserAddress(this.startIp, startHigh)) return false;
    if (ip < this.startIp) return this.#clear(area);
    const length = this.#get(descriptor + RseqCsOffset.postCommitOffset) >>> 0;
    const lengthHigh = this.#get(descriptor + RseqCsOffset.postCommitOffsetHigh);
    const end = this.startIp + length;
    if (!this.#isReadable || lengthHigh !== 0 || !isUserAddress(end, 0)) return false;
    if (ip >= end) return this.#clear(area);
    this.abortIp = this.#get(descriptor + RseqCsOffset.abortIp);
    const abortHigh = this.#get(descriptor + RseqCsOffset.abortIpHigh);
    if (!this.#isReadable || !isUserAddress(this.abortIp, abortHigh)) return false;
    if ((this.abortIp - this.startIp) >>> 0 < length) return false;
    const version = this.#get(descriptor + RseqCsOffset.version);
    const flags = this.#get(descriptor + RseqCsOffset.flags);
    if (!this.#isReadable || (version | flags) !== 0) return false;
    return this.#isSigned(thread) && isInterrupted && this.#abort(thread, area, ip);
  }

  #isSigned(thread: number): boolean {
    if (this.abortIp < SIGNATURE_BYTES) return false;
    const found = this.#get(this.abortIp - SIGNATURE_BYTES);
    return this.#isReadable && found === this.#ports.registration.signature[thread];
  }

  #clear(area: number): boolean {
    this.#ports.stats.clear += 1;
    return this.#disarm(area);
  }

  #abort(thread: number, area: number, ip: number): boolean {
    const { kernel, stats, aborts } = this.#ports;
    if (!aborts) return true;
    if (!this.#disarm(area)) return false;
    kernel.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip] = this.abortIp;
    stats.fixup += 1;
    const { events, threads } = kernel;
    if (events.wanted.abort)
      events.emit('abort', { thread, cpu: threads.cpu[thread]!, from: ip, to: this.abortIp });
    return true;
  }

  #disarm(area: number): boolean {
    const { user } = this.#ports.kernel;
    user.put32(area + RseqOffset.rseqCs, 0);
    if (!user.failed) user.put32(area + RseqOffset.rseqCsHigh, 0);
    return !user.failed;
  }

  #get(address: number): number {
    const { user } = this.#ports.kernel;
    const value = user.get32(address);
    if (user.failed) this.#isReadable = false;
    return value;
  }
}

/** Whether the 64-bit address is below the end of user space. */
function isUserAddress(low: number, high: number): boolean {
  return high === 0 && isUserRange(low, 1);
}

/** ip - start < length, in unsigned 64-bit arithmetic; ip is a user address. */
function contains(
  ip: number,
  startLow: number,
  startHigh: number,
  lengthLow: number,
  lengthHigh: number,
): boolean {
  const borrow = ip >>> 0 < startLow >>> 0 ? 1 : 0;
  const high = (0 - startHigh - borrow) >>> 0;
  if (high !== lengthHigh >>> 0) return high < lengthHigh >>> 0;
  return (ip - startLow) >>> 0 < lengthLow >>> 0;
}
