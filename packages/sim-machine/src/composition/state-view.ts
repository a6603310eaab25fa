import type { ColumnOwner, StateArena } from '../base/state-arena.js';
import { RegisterFile } from '../cpu/register-file.js';
import type { HookPoints } from '../kernel/hooks.js';
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
import type { DecisionParts } from './decision-parts.js';
import type { Hardware } from './hardware.js';
import type { KernelParts } from './kernel-parts.js';
import { StatePhases } from './state-phases.js';
import { StateReturn } from './state-return.js';

const GENERAL_REGISTERS = 16;

/** What a machine's state is looked at with. */
export interface StateViewPorts {
  readonly arena: StateArena;
  readonly hardware: Hardware;
  readonly system: KernelParts;
  readonly decisions: DecisionParts;
  readonly hooks: HookPoints;
}

/**
 * The state of a machine in parts that change apart from each other: what the kernel keeps of each
 * thread, of each CPU and of all else, each thread's own words, and memory. Together they are what a fingerprint is
 * made of.
 *
 * A step that is an access to memory reads and changes its thread's words and memory, and nothing else.
 * Whatever else a decision reads is the kernel's, memory that observers are told of, or the words of
 * threads that it entered. Writing, `out` has room for all words of a part.
 */
export class StateView {
  readonly #arena: StateArena;
  readonly #hardware: Hardware;
  readonly #system: KernelParts;
  readonly #pending = createPendingOperation();
  /** Takes the machine back to a state. */
  readonly back: StateReturn;
  /** Takes the machine on, phase by phase. */
  readonly phases: StatePhases;

  /** Made by the machine. @internal */
  constructor({ arena, hardware, system, decisions, hooks }: StateViewPorts) {
    this.back = new StateReturn(arena, hardware, system);
    this.phases = new StatePhases(hardware, system, decisions, hooks);
    this.#arena = arena;
    this.#hardware = hardware;
    this.#system = system;
  }

  /** Threads that there are, exited ones included: slots below this. */
  get threads(): number {
    return this.#hardware.threads.highWater;
  }

  /** Writes what the kernel keeps of all but threads and CPUs, such as processes; how many words. */
  commonWords(out: Int32Array): number {
    return this.#arena.commonWords(out, this.#hardware.threads.history);
  }

  /** Writes what the kernel keeps of a thread or CPU; how many words. */
  ownWords(owner: ColumnOwner, index: number, out: Int32Array): number {
    return this.#arena.ownWords(owner, index, out);
  }

  /** Writes what a thread has for itself: what it received, where it is, what it can still read. */
  threadWords(thread: number, out: Int32Array): number {
    const { threads, programs } = this.#hardware;
    const { registers, history, state } = threads;
    out[0] = history[thread * 2]!;
    out[1] = history[thread * 2 + 1]!;
    if (state[thread] === ThreadState.Free) return 2;
    const base = thread * REGISTER_STRIDE;
    const ip = registers[base + RegisterFile.Ip]!;
    const live = programs.liveAt(ip);
    let at = 2;
    out[at++] = ip;
    out[at++] = registers[base + RegisterFile.Operations]!;
    for (let n = 0; n < GENERAL_REGISTERS; n++)
      if (((live >>> n) & 1) === 1) out[at++] = registers[base + n]!;
    return at;
  }

  /** Writes how a thread entered the kernel; how many words. */
  entryWords(thread: number, out: Int32Array): number {
    const { registers } = this.#hardware.threads;
    const base = thread * REGISTER_STRIDE;
    out[0] = registers[base + RegisterFile.SyscallNumber]!;
    out[1] = registers[base + RegisterFile.InSyscall]!;
    out[2] = registers[base + RegisterFile.Exit]!;
    return 3;
  }

  /** Whether a thread is in the kernel, so that how it came there decides how it comes back. */
  isInKernel(thread: number): boolean {
    const { state, exitWork } = this.#hardware.threads;
    if (state[thread] === ThreadState.Free) return false;
    return state[thread] !== ThreadState.Runnable || exitWork[thread] !== 0;
  }

  /** Registers that can still matter to a thread at an address, as a bit mask. */
  liveAt(ip: number): number {
    return this.#hardware.programs.liveAt(ip);
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
