import { Errno } from '../../base/errno.js';
import type { StateArena } from '../../base/state-arena.js';
import { RegisterFile } from '../../cpu/register-file.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import { ExitWork } from '../exit-work.js';
import { RestartCode } from '../restart-code.js';
import { SleepEnd } from '../sleeps.js';
import type { Sleeps } from '../sleeps.js';
import { SLEEPING } from '../syscalls/syscall-table.js';
import type { ThreadTable } from '../thread-table.js';
import { WaitKind } from '../wait-kind.js';

/**
 * A system call whose result depends on what there is when its thread runs again, and that may write
 * to the memory of the thread: wait4, rt_sigtimedwait.
 */
export interface LookingSyscall {
  /**
   * Carried out in the thread's own context, before signals are delivered.
   *
   * @returns the result of the system call, or SLEEPING when the thread sleeps again
   */
  lookAgain(thread: number): number;
}

/** System calls that did not end by what they waited for, on their way back to user mode. */
export class InterruptedSyscalls {
  readonly #threads: ThreadTable;
  readonly #sleeps: Sleeps;
  readonly #lookers: (LookingSyscall | undefined)[] = [];
  /** Per thread: the {@link RestartCode} of the call that was cut short, or 0. */
  readonly #code: Int32Array;
  /** Per thread: the wait kind of a call that looks again when the thread runs, or 0. */
  readonly #looking: Int32Array;

  constructor(arena: StateArena, threads: ThreadTable, sleeps: Sleeps) {
    this.#threads = threads;
    this.#sleeps = sleeps;
    this.#code = arena.column('thread.restartCode', threads.capacity, 'semantic');
    this.#looking = arena.column('thread.looking', threads.capacity, 'semantic');
  }

  /** Says which call sleeps with a wait kind and looks again. */
  register(kind: WaitKind, syscall: LookingSyscall): void {
    this.#lookers[kind] = syscall;
  }

  /** Nothing of an exited thread is left. */
  clear(thread: number): void {
    this.#code[thread] = 0;
    this.#looking[thread] = 0;
  }

  /** Ends the sleep of a thread for a signal; false when it does not sleep interruptibly. */
  interrupt(thread: number): boolean {
    if (this.#threads.waitKind[thread] === WaitKind.None) return false;
    if (!this.#sleeps.end(thread, SleepEnd.Signal)) return false;
    this.cutShort(thread, this.#threads.registers[thread * REGISTER_STRIDE]!);
    return true;
  }

  /** Takes note of the result of a system call that may be a negated {@link RestartCode}. */
  cutShort(thread: number, result: number): number {
    this.#code[thread] = isRestart(-result) ? -result : 0;
    return result;
  }

  /** The thread's call looks again when the thread runs; it is being woken. */
  look(thread: number, kind: WaitKind): void {
    this.#looking[thread] = kind;
    this.#threads.exitWork[thread]! |= ExitWork.Signal;
  }

  /** Lets a call look again that has to. False when the thread sleeps after that. */
  finishLooking(thread: number): boolean {
    const kind = this.#looking[thread]!;
    if (kind === 0) return true;
    this.#looking[thread] = 0;
    const result = this.#lookers[kind]!.lookAgain(thread);
    if (result === SLEEPING) return false;
    this.#threads.registers[thread * REGISTER_STRIDE] = this.cutShort(thread, result);
    return true;
  }

  /**
   * Decides how a call goes on that was cut short, if one was: sets r0 and ip.
   *
   * @param hasHandler whether a handler runs next
   * @param restarts whether its action says SA_RESTART
   * @source handle_signal() and arch_do_signal_or_restart() in arch/x86/kernel/signal.c
   */
  settle(thread: number, hasHandler: boolean, restarts: boolean): void {
    const code = this.#code[thread]!;
    if (code === 0) return;
    this.#code[thread] = 0;
    const { registers } = this.#threads;
    const base = thread * REGISTER_STRIDE;
    const isRestarted =
      !hasHandler || code === RestartCode.NoInterrupt || (code === RestartCode.System && restarts);
    if (!isRestarted) {
      registers[base + RegisterFile.Result] = -Errno.EINTR;
      return;
    }
    if (code === RestartCode.Block) this.#sleeps.keepDeadline(thread);
    registers[base + RegisterFile.Result] = registers[base + RegisterFile.SyscallNumber]!;
    registers[base + RegisterFile.Ip]! -= 4;
  }

  /** A tracer replaced the registers: nothing is restarted. */
  forget(thread: number): void {
    this.#code[thread] = 0;
  }
}

function isRestart(code: number): boolean {
  return (
    code === RestartCode.System ||
    code === RestartCode.NoInterrupt ||
    code === RestartCode.NoHandler ||
    code === RestartCode.Block
  );
}
