import { Errno } from '../../base/errno.js';
import { RegisterFile } from '../../cpu/register-file.js';
import { ExitReason } from '../../isa/exit-reason.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { HookPoints } from '../hooks.js';
import type { ExitContext, Lifecycle } from '../lifecycle.js';
import type { ProcessTable } from '../process-table.js';
import { SignalCode } from '../signal/signal-info.js';
import { SignalNumber } from '../signal/signal-number.js';
import type { Signals } from '../signal/signals.js';
import { NO_ARGS } from '../thread.js';
import type { Thread, ThreadBody } from '../thread.js';
import type { ThreadTable } from '../thread-table.js';
import type { ChildTids } from './child-tids.js';
import type { ThreadGroups } from './thread-group.js';
import { TraceFlag } from './trace-table.js';
import type { TraceTable } from './trace-table.js';

/** Parts that exec works on. */
export interface ExecPorts {
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  readonly groups: ThreadGroups;
  readonly lifecycle: Lifecycle;
  readonly signals: Signals;
  readonly childTids: ChildTids;
  readonly traces: TraceTable;
  readonly hooks: HookPoints;
  readonly context: ExitContext;
  readonly objects: readonly Thread[];
  /** Thread blocks and stacks to map into a new address space. */
  readonly maxThreads: number;
  /** Address of a `ret` instruction. */
  readonly trampoline: number;
}

/**
 * Replaces the program of a process: a new address space, one thread, no handlers. Ignored signals,
 * masks and what is pending stay.
 *
 * @source execve(2), begin_new_exec() in fs/exec.c
 */
export class Execs {
  readonly #ports: ExecPorts;

  constructor(ports: ExecPorts) {
    this.#ports = ports;
  }

  /**
   * The system call; the new program has the index `program` in the table of the process.
   *
   * @returns -EFAULT for an index that names no program; otherwise nothing returns, and the thread is
   *   at the start of the new program
   */
  exec(thread: number, program: number): number {
    const { threads, processes, lifecycle, signals, hooks, objects } = this.#ports;
    const process = processes.at(threads.process[thread]!);
    const body = process.programs.at(program) as ThreadBody | undefined;
    if (body === undefined) return -Errno.EFAULT;
    this.#killOthers(thread, process.id);
    this.#ports.childTids.release(thread);
    hooks.addressSpaceTornDown(process.id);
    processes.exec(process);
    process.mapRuntime(this.#ports.maxThreads);
    lifecycle.blocks.reset(process.id);
    threads.clearRegisters(thread);
    lifecycle.setRegisters(thread, process);
    const exit = thread * REGISTER_STRIDE + RegisterFile.Exit;
    threads.registers[exit] = ExitReason.Budget;
    threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip] = this.#ports.trampoline;
    this.#ports.context.enter(threads.cpu[thread]!, thread);
    signals.exec(thread);
    objects[thread]!.begin(process, body, body.name, NO_ARGS);
    objects[thread]!.receive(program);
    hooks.execed(thread);
    hooks.threadStart(thread);
    this.#trap(thread);
    return 0;
  }

  /** The other threads end here, and this one becomes the leader: its tid is the pid. */
  #killOthers(thread: number, process: number): void {
    const { threads, processes, groups, lifecycle } = this.#ports;
    const { columns } = processes;
    for (let other = groups.first(process); other >= 0; other = groups.next(process, other))
      if (other !== thread) lifecycle.exitThread(other, 0);
    columns.leader[process] = thread;
    columns.heldFor[process] = -1;
    columns.exitStatus[process] = 0;
    threads.tid[thread] = columns.pid[process]!;
  }

  /** A tracer that attached without SEIZE is shown a SIGTRAP. */
  #trap(thread: number): void {
    const { traces, signals } = this.#ports;
    if (traces.tracer[thread]! < 0 || traces.has(thread, TraceFlag.Seized)) return;
    const { SIGTRAP } = SignalNumber;
    signals.sender.toThread(thread, {
      signal: SIGTRAP,
      code: SignalCode.SI_USER,
      origin: 0,
      value: 0,
    });
  }
}
