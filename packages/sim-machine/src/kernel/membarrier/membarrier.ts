import { Errno } from '../../base/errno.js';
import type { StateArena } from '../../base/state-arena.js';
import type { CpuTable } from '../../cpu/cpu-table.js';
import type { HookPoints, KernelHooks } from '../hooks.js';
import type { MarkedCpus } from '../marked-cpus.js';
import type { ThreadTable } from '../thread-table.js';
import { MEMBARRIER_FLAG_CPU, MembarrierCommand } from './membarrier-command.js';

/** Parts that membarrier works on. */
export interface MembarrierPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly hooks: HookPoints;
  readonly marked: MarkedCpus;
  /** Threads of a process that have not exited. */
  threadCount(process: number): number;
  /** Makes the CPU's buffered stores visible. */
  drain(cpu: number): void;
  /** The CPU takes an interrupt from another CPU. */
  interrupt(cpu: number): void;
  /** The CPU has waited until others had taken its interrupts. */
  acknowledged(cpu: number): void;
  /** Whether the kernel has restartable sequences. */
  hasRseq(): boolean;
}

const {
  GlobalExpedited,
  PrivateExpedited,
  PrivateExpeditedSyncCore,
  PrivateExpeditedRseq,
  RegisterGlobalExpedited,
  RegisterPrivateExpedited,
  RegisterPrivateExpeditedSyncCore,
  RegisterPrivateExpeditedRseq,
} = MembarrierCommand;

const RSEQ_COMMANDS: number = PrivateExpeditedRseq | RegisterPrivateExpeditedRseq;

/** Registered, and ready to be used: a registration for one kind registers the plain one too. */
const READY_SHIFT = 16;

/**
 * Fences on the CPUs of others, by interrupts, so that a fast path needs none of its own.
 *
 * | command                   | needs registration | reaches                                  |
 * |---------------------------|--------------------|------------------------------------------|
 * | Global                    | no                 | every online CPU                         |
 * | GlobalExpedited           | of the receivers   | CPUs that run a registered process       |
 * | PrivateExpedited          | yes: -EPERM        | other CPUs that run the caller's process |
 * | PrivateExpeditedSyncCore  | yes: -EPERM        | the same, and the caller's own           |
 * | PrivateExpeditedRseq      | yes: -EPERM        | as PrivateExpedited; aborts sections     |
 * | the same, with a CPU      | yes: -EPERM        | that CPU, even the caller's own          |
 *
 * With one thread in the process or one CPU online there is nobody to interrupt: 0 at once (but
 * SyncCore). The caller's CPU executes a full fence before and after the interrupts.
 *
 * The state of a process is bits in two halves: registered (by the register commands' own bits) and
 * ready to be used. It is inherited by fork and lost at exec.
 *
 * @source kernel/sched/membarrier.c, membarrier(2)
 */
export class Membarrier {
  readonly #ports: MembarrierPorts;
  /** Per process: register commands seen, and << 16 those that make a command usable. */
  readonly #state: Int32Array;

  constructor(ports: MembarrierPorts, maxProcesses: number) {
    this.#ports = ports;
    this.#state = ports.arena.column('membarrier.state', maxProcesses, 'semantic');
  }

  /** Hooks that carry registrations through fork and exec. */
  get hooks(): KernelHooks {
    const { process } = this.#ports.threads;
    return {
      forked: (parent, child) => {
        this.#state[process[child]!] = this.#state[process[parent]!]!;
      },
      execed: (thread) => {
        this.#state[process[thread]!] = 0;
      },
      addressSpaceTornDown: (id) => {
        this.#state[id] = 0;
      },
    };
  }

  /**
   * Carries out a command for the running thread.
   *
   * @param flags MEMBARRIER_FLAG_CPU or 0
   * @param cpu the CPU that the flag is about; a negative one means all, as without the flag
   * @returns 0, or what was asked for; -EINVAL for an unknown command or flag; -EPERM when the
   *   process is not registered
   */
  command(thread: number, command: number, flags: number, cpu: number): number {
    const mayNameCpu = command === PrivateExpeditedRseq;
    if (flags !== 0 && !(mayNameCpu && flags === MEMBARRIER_FLAG_CPU)) return -Errno.EINVAL;
    if ((command & RSEQ_COMMANDS) === command && command !== 0 && !this.#ports.hasRseq())
      return -Errno.EINVAL;
    switch (command) {
      case MembarrierCommand.Query:
        return this.#query();
      case MembarrierCommand.Global:
        return this.#global(thread);
      case GlobalExpedited:
        return this.#globalExpedited(thread);
      case PrivateExpedited:
      case PrivateExpeditedSyncCore:
      case PrivateExpeditedRseq:
        return this.#privateExpedited(thread, command, flags === 0 ? -1 : cpu);
      case RegisterGlobalExpedited:
        return this.#register(thread, RegisterGlobalExpedited, RegisterGlobalExpedited);
      case RegisterPrivateExpedited:
      case RegisterPrivateExpeditedSyncCore:
      case RegisterPrivateExpeditedRseq:
        return this.#register(thread, command | RegisterPrivateExpedited, command);
      case MembarrierCommand.GetRegistrations:
        return this.#state[this.#processOf(thread)]! & ((1 << READY_SHIFT) - 1);
      default:
        return -Errno.EINVAL;
    }
  }

  #query(): number {
    let known = 0;
    for (const command of Object.values(MembarrierCommand)) known |= command;
    return this.#ports.hasRseq() ? known : known & ~RSEQ_COMMANDS;
  }

  /** What synchronize_rcu() comes to: every CPU has passed through its scheduler. */
  #global(thread: number): number {
    const { cpus, threads } = this.#ports;
    if (this.#onlineCount() === 1) return 0;
    const own = threads.cpu[thread]!;
    // What came before the call is visible before any other CPU passes, which sees it from then on.
    this.#ports.drain(own);
    for (const cpu of cpus.possible)
      if (cpu !== own && cpus.online[cpu] === 1) this.#ports.drain(cpu);
    this.#ports.drain(own);
    return 0;
  }

  #globalExpedited(thread: number): number {
    if (this.#onlineCount() === 1) return 0;
    const { cpus, threads } = this.#ports;
    const own = threads.cpu[thread]!;
    this.#ports.drain(own);
    this.#interruptThose(own, false, (cpu) => {
      const current = cpus.current[cpu]!;
      if (cpu === own || current < 0) return false;
      return (this.#state[this.#processOf(current)]! & RegisterGlobalExpedited) !== 0;
    });
    this.#ports.drain(own);
    return 0;
  }

  #privateExpedited(thread: number, command: number, only: number): number {
    const { threads } = this.#ports;
    const process = this.#processOf(thread);
    if (((this.#state[process]! >>> READY_SHIFT) & (command << 1)) === 0) return -Errno.EPERM;
    const syncsCore = command === PrivateExpeditedSyncCore;
    if (!syncsCore && this.#hasNoSiblings(process)) return 0;
    const own = threads.cpu[thread]!;
    const aborts = command === PrivateExpeditedRseq;
    this.#ports.drain(own);
    this.#interruptThose(own, aborts, (cpu) => {
      const isMeant = only >= 0 ? cpu === only : cpu !== own || syncsCore;
      return isMeant && this.#runs(cpu, process);
    });
    // The way back to user mode is no fence: what the interrupts made visible has to be seen.
    this.#ports.drain(own);
    return 0;
  }

  #register(thread: number, registered: number, ready: number): number {
    const process = this.#processOf(thread);
    const state = this.#state[process]!;
    if (((state >>> READY_SHIFT) & ready) !== 0) return 0;
    this.#state[process] = state | registered | (ready << READY_SHIFT);
    const own = this.#ports.threads.cpu[thread]!;
    this.#ports.drain(own);
    if (this.#hasNoSiblings(process)) return 0;
    this.#interruptThose(own, false, (cpu) => this.#runs(cpu, process));
    this.#ports.drain(own);
    return 0;
  }

  /** Interrupts CPUs, and has the caller's wait for them. */
  #interruptThose(own: number, aborts: boolean, isMeant: (cpu: number) => boolean): void {
    const { cpus } = this.#ports;
    let isAlone = true;
    for (const cpu of cpus.possible) {
      if (!isMeant(cpu)) continue;
      this.#interrupt(cpu, aborts);
      isAlone = false;
    }
    if (!isAlone) this.#ports.acknowledged(own);
  }

  #interrupt(cpu: number, aborts: boolean): void {
    const { cpus, hooks, marked } = this.#ports;
    this.#ports.interrupt(cpu);
    this.#ports.drain(cpu);
    if (aborts) hooks.membarrierRseq(cpus.current[cpu]!);
    marked.mark(cpu);
  }

  #runs(cpu: number, process: number): boolean {
    const current = this.#ports.cpus.current[cpu]!;
    return current >= 0 && this.#processOf(current) === process;
  }

  #hasNoSiblings(process: number): boolean {
    return this.#ports.threadCount(process) === 1 || this.#onlineCount() === 1;
  }

  #processOf(thread: number): number {
    return this.#ports.threads.process[thread]!;
  }

  #onlineCount(): number {
    const { cpus } = this.#ports;
    let count = 0;
    for (const cpu of cpus.possible) count += cpus.online[cpu]!;
    return count;
  }
}
