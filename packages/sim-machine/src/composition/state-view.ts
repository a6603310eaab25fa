import type { StateArena } from '../base/state-arena.js';
import { RegisterFile } from '../cpu/register-file.js';
import {
  OperationKind,
  createPendingOperation,
  pendingOperation,
} from '../isa/pending-operation.js';
import type { PendingOperation } from '../isa/pending-operation.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import { SyscallNumber } from '../kernel/syscalls/syscall-number.js';
import { ThreadState } from '../kernel/thread-state.js';
import { PAGE_OFFSET_MASK } from '../memory/page.js';
import { FRAME_ADDRESS_MASK, READABLE_ENTRY } from '../memory/page-entry.js';
import type { Hardware } from './hardware.js';
import type { KernelParts } from './kernel-parts.js';
import { StateReturn } from './state-return.js';

const GENERAL_REGISTERS = 16;

/**
 * The state of a machine in parts that change apart from each other: the kernel's words, each thread's
 * own words, and memory. Together they are what a fingerprint is made of.
 *
 * A step that is an access to memory reads and changes its thread's words and memory, and nothing else.
 * Whatever else a decision reads is the kernel's, memory that observers are told of, or the words of
 * threads that it entered.
 */
export class StateView {
  readonly #arena: StateArena;
  readonly #hardware: Hardware;
  readonly #system: KernelParts;
  readonly #pending = createPendingOperation();
  /** Takes the machine back to a state. */
  readonly back: StateReturn;

  /** Made by the machine. @internal */
  constructor(arena: StateArena, hardware: Hardware, system: KernelParts) {
    this.back = new StateReturn(arena, hardware, system);
    this.#arena = arena;
    this.#hardware = hardware;
    this.#system = system;
  }

  /** Appends what the kernel keeps of threads, CPUs and processes. */
  kernelWords(out: number[]): void {
    this.#arena.semanticWords(out, this.#hardware.threads.history);
  }

  /** Appends what a thread has for itself: where it is, what it can still read, what it received. */
  threadWords(thread: number, out: number[]): void {
    const { threads, programs } = this.#hardware;
    const { registers, history, state, exitWork } = threads;
    out.push(history[thread * 2]!, history[thread * 2 + 1]!);
    if (state[thread] === ThreadState.Free) return;
    const base = thread * REGISTER_STRIDE;
    const ip = registers[base + RegisterFile.Ip]!;
    const live = programs.liveAt(ip);
    out.push(ip, registers[base + RegisterFile.Operations]!);
    for (let n = 0; n < GENERAL_REGISTERS; n++)
      if (((live >>> n) & 1) === 1) out.push(registers[base + n]!);
    if (state[thread] === ThreadState.Runnable && exitWork[thread] === 0) return;
    out.push(
      registers[base + RegisterFile.SyscallNumber]!,
      registers[base + RegisterFile.InSyscall]!,
      registers[base + RegisterFile.Exit]!,
    );
  }

  /** What a thread is about to do; valid until the next question. */
  pending(thread: number): PendingOperation {
    return pendingOperation(this.#hardware.environment, thread * REGISTER_STRIDE, this.#pending);
  }

  /** Whether a thread is in front of its exit, and nobody can tell when that comes. */
  exitsUnseen(thread: number): boolean {
    const { kind, value } = this.pending(thread);
    const { lifecycle } = this.#system;
    return (
      kind === OperationKind.Syscall &&
      value === SyscallNumber.exit &&
      lifecycle.exitsUnseen(thread)
    );
  }

  /** Threads in whose context something was done since {@link forgetEntered}, as a bit mask. */
  get entered(): number {
    return this.#system.context.entered[0]!;
  }

  /** Starts {@link entered} anew. */
  forgetEntered(): void {
    this.#system.context.entered[0] = 0;
  }

  /** The aligned word at a virtual address of the machine's first process; 0 where no page is. */
  wordOf(address: number): number {
    const { memory } = this.#hardware;
    const { space } = this.#system.processes.at(0);
    const entry = space.pages.entry(address);
    if ((entry & READABLE_ENTRY) !== READABLE_ENTRY) return 0;
    return memory.physical.words[
      ((entry & FRAME_ADDRESS_MASK) | (address & PAGE_OFFSET_MASK)) >> 2
    ]!;
  }
}
