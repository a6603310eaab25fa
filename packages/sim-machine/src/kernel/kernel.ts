import type { CpuTable } from '../cpu/cpu-table.js';
import type { KernelEntryPort } from '../cpu/user-mode.js';
import { RegisterFile } from '../cpu/register-file.js';
import { ExitReason } from '../isa/exit-reason.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { MachineEvents } from '../observe/machine-events.js';
import { ExitWork, KernelEntry } from './exit-work.js';
import type { HookPoints } from './hooks.js';
import type { MarkedCpus } from './marked-cpus.js';
import { FaultAction } from './page-faults.js';
import type { PageFaults } from './page-faults.js';
import type { Scheduler } from './scheduler.js';
import { SyscallNumber } from './syscalls/syscall-number.js';
import { SignalCode } from './signal/signal-info.js';
import { SignalNumber } from './signal/signal-number.js';
import { SLEEPING } from './syscalls/syscall-table.js';
import type { SyscallTable } from './syscalls/syscall-table.js';
import { ThreadState } from './thread-state.js';
import type { ThreadContext } from './thread-context.js';
import type { ThreadTable } from './thread-table.js';
import { WaitKind } from './wait-kind.js';

/** The signal part of the exit to user mode. */
export interface SignalExitPort {
  /** Delivers what is pending and unblocked; may stop or kill the thread. */
  deliver(thread: number): void;
  /** A handler returned: puts the interrupted registers back. */
  sigreturn(thread: number): void;
  /**
   * Sends a signal that the thread's own instruction caused, which it cannot block.
   *
   * @param code `si_code`
   * @param address `si_addr`
   */
  force(thread: number, signal: number, code: number, address: number): void;
}

/** The thread part of the kernel. */
export interface ThreadExitPort {
  /** Ends a running thread with a status. */
  exitThread(thread: number, status: number): void;
  /** How many programs are stacked in a thread: more than one inside a signal handler. */
  frameCount(thread: number): number;
}

/** Charges simulated time. */
export interface KernelCostPort {
  /** A system call entry and exit on a CPU. */
  syscall(cpu: number): void;
}

/** User mode, as far as the kernel sends threads there. */
export interface AdvancePort {
  /** Lets a CPU's thread execute; with a budget of 0, up to its next visible operation. */
  run(cpu: number, thread: number, budget: number): void;
}

/** The part of the exit to user mode that belongs to sleeps which were cut short. */
export interface SleepExitPort {
  /** Tells the thread how much of its sleep was left. */
  writeRemainder(thread: number): void;
}

/** Parts that the kernel's entry and exit paths work on. */
export interface KernelPorts {
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly scheduler: Scheduler;
  readonly marked: MarkedCpus;
  readonly hooks: HookPoints;
  readonly events: MachineEvents;
  readonly syscalls: SyscallTable;
  readonly signals: SignalExitPort;
  readonly sleepers: SleepExitPort;
  readonly lifecycle: ThreadExitPort;
  readonly context: ThreadContext;
  readonly cost: KernelCostPort;
  readonly faults: PageFaults;
  /** The CPU's thread comes out of the kernel, whose locks order it after what others did there. */
  catchUp(cpu: number): void;
  /** Address of a `syscall` instruction, for the exit of a thread whose program ended. */
  readonly exitAddress: number;
}

/**
 * The ways into the kernel and the one way out of it.
 *
 * Whatever happened, a thread goes back to user mode through {@link exitToUser}: change of threads,
 * signals, and the work of modules, in this order, until nothing is left to do.
 *
 * @source kernel/entry/common.c
 */
export class Kernel implements KernelEntryPort {
  readonly #ports: KernelPorts;
  readonly #registers: Int32Array;
  readonly #current: Int32Array;
  readonly #cpuOf: Int32Array;
  readonly #exitWork: Int32Array;
  readonly #state: Int32Array;
  readonly #scheduler: Scheduler;
  readonly #context: ThreadContext;
  readonly #hooks: HookPoints;
  #advance: AdvancePort | undefined;

  constructor(ports: KernelPorts) {
    this.#ports = ports;
    this.#registers = ports.threads.registers;
    this.#current = ports.cpus.current;
    this.#cpuOf = ports.threads.cpu;
    this.#exitWork = ports.threads.exitWork;
    this.#state = ports.threads.state;
    this.#scheduler = ports.scheduler;
    this.#context = ports.context;
    this.#hooks = ports.hooks;
  }

  /** Carries out the system call that the thread's registers ask for. */
  syscall(thread: number): boolean {
    const { syscalls, hooks, events, cost } = this.#ports;
    const registers = this.#registers;
    const base = thread * REGISTER_STRIDE;
    const cpu = this.#cpuOf[thread]!;
    const number = registers[base]!;
    const args = base + 1;
    registers[base + RegisterFile.Exit] = ExitReason.Budget;
    registers[base + RegisterFile.SyscallNumber] = number;
    registers[base + RegisterFile.InSyscall] = 1;
    if (events.wanted.syscall)
      events.emit('syscall', {
        thread,
        cpu,
        number,
        args: [...registers.subarray(args, args + 6)],
      });
    cost.syscall(cpu);
    hooks.syscallEnter(thread, number);
    const result = syscalls.handler(number)(
      thread,
      registers[args]!,
      registers[args + 1]!,
      registers[args + 2]!,
      registers[args + 3]!,
      registers[args + 4]!,
      registers[args + 5]!,
    );
    if (result !== SLEEPING) {
      registers[base] = result;
      if (events.wanted.syscallExit) events.emit('syscallExit', { thread, number, result });
    }
    if (this.#state[thread] !== ThreadState.Free) hooks.syscallExit(thread);
    return this.#back(cpu, thread, KernelEntry.Syscall);
  }

  /** An access did not happen: the thread sleeps until its page is there, or gets a signal. */
  faulted(thread: number): boolean {
    const { faults, scheduler, signals } = this.#ports;
    this.#registers[thread * REGISTER_STRIDE + RegisterFile.Exit] = ExitReason.Budget;
    switch (faults.take()) {
      case FaultAction.Sleep:
        scheduler.block(thread, ThreadState.Uninterruptible, WaitKind.Page, faults.address);
        break;
      case FaultAction.Segv:
        signals.force(thread, SignalNumber.SIGSEGV, faults.code, faults.address);
        break;
      case FaultAction.Bus:
        signals.force(thread, SignalNumber.SIGBUS, SignalCode.BUS_ADRERR, faults.address);
        break;
      case FaultAction.None:
    }
    return this.#back(this.#cpuOf[thread]!, thread, KernelEntry.Fault);
  }

  /** An illegal instruction is SIGILL, a breakpoint SIGTRAP. */
  trapped(thread: number, exit: number): boolean {
    const base = thread * REGISTER_STRIDE;
    const { signals } = this.#ports;
    const ip = this.#registers[base + RegisterFile.Ip]!;
    this.#registers[base + RegisterFile.Exit] = ExitReason.Budget;
    if (exit === ExitReason.Breakpoint) {
      this.#registers[base + RegisterFile.Ip] = ip + 4;
      signals.force(thread, SignalNumber.SIGTRAP, SignalCode.TRAP_BRKPT, ip);
    } else signals.force(thread, SignalNumber.SIGILL, SignalCode.ILL_ILLOPC, ip);
    return this.#back(this.#cpuOf[thread]!, thread, KernelEntry.Fault);
  }

  /** A generator ended: a handler's means sigreturn, the thread's own a call of exit(0). */
  returned(thread: number): boolean {
    const { lifecycle, signals, hooks } = this.#ports;
    const cpu = this.#cpuOf[thread]!;
    if (lifecycle.frameCount(thread) > 1) {
      hooks.syscallEnter(thread, SyscallNumber.rt_sigreturn);
      signals.sigreturn(thread);
      hooks.syscallExit(thread);
      return this.#back(cpu, thread, KernelEntry.Syscall);
    }
    const registers = this.#registers;
    const base = thread * REGISTER_STRIDE;
    registers[base + RegisterFile.Result] = SyscallNumber.exit;
    registers[base + 1] = 0;
    registers[base + RegisterFile.Ip] = this.#ports.exitAddress;
    registers[base + RegisterFile.Exit] = ExitReason.Budget;
    return true;
  }

  /** From now on threads that got a CPU publish their next visible operation, for a search to see. */
  advanceBy(port: AdvancePort): void {
    this.#advance = port;
  }

  /** Whether they do. */
  get advances(): boolean {
    return this.#advance !== undefined;
  }

  /** Brings one CPU, which is no longer marked, back to user mode, or to idle. */
  settleCpu(cpu: number): void {
    this.exitToUser(cpu, KernelEntry.Interrupt);
    const thread = this.#current[cpu]!;
    if (thread >= 0 && this.#advance !== undefined) this.#advance.run(cpu, thread, 0);
  }

  /**
   * An interrupt is to take the CPU's thread off it: whether a module lets it go on for now instead,
   * as it may only where one has a say.
   */
  refusesCpu(cpu: number): boolean {
    const thread = this.#current[cpu]!;
    if (thread < 0 || !this.#hooks.mayExtendSlices) return false;
    this.#context.enter(cpu, thread);
    return this.#keepsCpu(cpu, thread);
  }

  /** Does all exit work of the CPU's thread; another thread may be current afterwards. */
  exitToUser(cpu: number, entry: KernelEntry): void {
    for (;;) {
      let thread = this.#current[cpu]!;
      if (thread < 0) {
        this.#scheduler.schedule(cpu);
        thread = this.#current[cpu]!;
        if (thread < 0) return;
      }
      const work = this.#exitWork[thread]!;
      if (work === 0) return;
      this.#context.enter(cpu, thread);
      if (work === ExitWork.NotifyResume) {
        this.#exitWork[thread] = 0;
        this.#hooks.returnToUser(thread, entry);
      } else this.#doExitWork(cpu, thread, work, entry);
    }
  }

  #doExitWork(cpu: number, thread: number, work: number, entry: KernelEntry): void {
    if ((work & ExitWork.Reschedule) !== 0) {
      if (this.#keepsCpu(cpu, thread)) this.#exitWork[thread]! &= ~ExitWork.Reschedule;
      else this.#scheduler.schedule(cpu);
    } else if ((work & ExitWork.Signal) !== 0) {
      this.#exitWork[thread] = work & ~ExitWork.Signal;
      this.#ports.catchUp(cpu);
      this.#ports.signals.deliver(thread);
    } else {
      this.#exitWork[thread] = work & ~(ExitWork.NotifyResume | ExitWork.SleepRemainder);
      if ((work & ExitWork.SleepRemainder) !== 0) this.#ports.sleepers.writeRemainder(thread);
      this.#hooks.returnToUser(thread, entry);
    }
  }

  #keepsCpu(cpu: number, thread: number): boolean {
    const { events } = this.#ports;
    const work = this.#exitWork[thread]! & ~ExitWork.Reschedule;
    if (!this.#hooks.extendsSlice(thread, work)) return false;
    if (events.wanted.slice) events.emit('slice', { thread, cpu });
    return true;
  }

  #back(cpu: number, thread: number, entry: KernelEntry): boolean {
    this.#ports.catchUp(cpu);
    if (this.#current[cpu] === thread && this.#exitWork[thread] !== 0) {
      this.exitToUser(cpu, entry);
      if (this.#current[cpu] === thread) this.#ports.context.enter(cpu, thread);
      else this.#ports.marked.mark(cpu);
    }
    return this.#current[cpu] === thread;
  }
}
