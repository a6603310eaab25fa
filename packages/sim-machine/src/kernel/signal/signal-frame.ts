import { RegisterFile } from '../../cpu/register-file.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import { SIGNAL_INFO_BYTES, writeSignalInfo } from './signal-info.js';
import type { SignalRecord } from './signal-info.js';

/**
 * What the kernel keeps on the user's stack while a signal handler runs; the stack pointer of the
 * handler is its address.
 *
 * | offset | bytes | holds                                                     |
 * |--------|-------|-----------------------------------------------------------|
 * | 0      | 128   | siginfo, see {@link SignalInfo}                           |
 * | 128    | 8     | the signals that were blocked                             |
 * | 136    | 64    | r0 to r15                                                 |
 * | 200    | 4     | ip                                                        |
 * | 204    | 4     | 0                                                         |
 *
 * The part from 128 on is the context: at sigreturn the thread goes on with what it holds then.
 */
const SIGNAL_FRAME_BYTES: number = SIGNAL_INFO_BYTES + 80;

/** Bytes below the stack pointer that belong to the interrupted code. @source the x86-64 psABI */
export const RED_ZONE_BYTES = 128;

/** Byte offsets inside the context of a signal frame. */
export const SignalContext = {
  /** Signals 1 to 32 that were blocked; signals 33 to 64 follow. */
  Mask: 0,
  /** r0; the others follow. */
  Registers: 8,
  Ip: 72,
} as const;

/** Offset of the context inside a frame. */
export const SIGNAL_CONTEXT_OFFSET: number = SIGNAL_INFO_BYTES;

const GENERAL_REGISTERS = 16;

/** Where a frame goes on a stack that ends (grows down from) an address. */
export function framePlace(top: number): number {
  return (top - SIGNAL_FRAME_BYTES) & ~15;
}

/** Builds signal frames and takes them down. */
export class SignalFrames {
  /** Signals 1 to 32 of the mask that {@link restore} found. */
  maskLow = 0;
  /** Signals 33 to 64. */
  maskHigh = 0;
  readonly #registers: Int32Array;
  readonly #user: UserMemoryPort;

  constructor(registers: Int32Array, user: UserMemoryPort) {
    this.#registers = registers;
    this.#user = user;
  }

  /**
   * Writes a frame.
   *
   * @param ip where the thread goes on
   * @returns false when the stack cannot be written
   */
  build(
    thread: number,
    frame: number,
    record: Readonly<SignalRecord>,
    maskLow: number,
    maskHigh: number,
    ip: number,
  ): boolean {
    if (!writeSignalInfo(this.#user, frame, record)) return false;
    const user = this.#user;
    const context = frame + SIGNAL_CONTEXT_OFFSET;
    const base = thread * REGISTER_STRIDE;
    user.put32(context + SignalContext.Mask, maskLow);
    if (user.failed) return false;
    user.put32(context + SignalContext.Mask + 4, maskHigh);
    for (let i = 0; i < GENERAL_REGISTERS && !user.failed; i++)
      user.put32(context + SignalContext.Registers + i * 4, this.#registers[base + i]!);
    if (user.failed) return false;
    user.put32(context + SignalContext.Ip, ip);
    return !user.failed;
  }

  /**
   * Reads the frame at the stack pointer into registers, ip and {@link maskLow}, {@link maskHigh}.
   *
   * @returns false when it cannot be read; the registers are then those before
   */
  restore(thread: number): boolean {
    const user = this.#user;
    const registers = this.#registers;
    const base = thread * REGISTER_STRIDE;
    const context = registers[base + RegisterFile.StackPointer]! + SIGNAL_CONTEXT_OFFSET;
    for (let offset = 0; offset <= SignalContext.Ip; offset += 4) {
      user.get32(context + offset);
      if (user.failed) return false;
    }
    this.maskLow = user.get32(context + SignalContext.Mask);
    this.maskHigh = user.get32(context + SignalContext.Mask + 4);
    for (let i = 0; i < GENERAL_REGISTERS; i++)
      registers[base + i] = user.get32(context + SignalContext.Registers + i * 4);
    registers[base + RegisterFile.Ip] = user.get32(context + SignalContext.Ip);
    return true;
  }
}
