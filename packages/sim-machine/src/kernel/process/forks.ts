import { Errno } from '../../base/errno.js';
import { RegisterFile } from '../../cpu/register-file.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { Process } from '../process.js';
import type { HookPoints } from '../hooks.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { Lifecycle } from '../lifecycle.js';
import type { ProcessTable } from '../process-table.js';
import type { Signals } from '../signal/signals.js';
import { isSignal, SignalNumber } from '../signal/signal-number.js';
import type { ThreadBody } from '../thread.js';
import type { ThreadTable } from '../thread-table.js';
import type { ChildTids } from './child-tids.js';
import { CloneFlag } from './clone-flag.js';

/** Parts that clone and fork work on. */
export interface ForkPorts {
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  readonly lifecycle: Lifecycle;
  readonly signals: Signals;
  readonly childTids: ChildTids;
  readonly hooks: HookPoints;
  readonly user: UserMemoryPort;
  /** Makes the CPU's buffered stores visible. */
  drain(cpu: number): void;
}

/** Arguments of clone, in the order of the system call on x86-64. */
export interface CloneArguments {
  readonly flags: number;
  /** Stack pointer of the child; 0 for its own. */
  readonly stack: number;
  /** Where CLONE_PARENT_SETTID stores the tid. */
  readonly parentTid: number;
  /** Where CLONE_CHILD_SETTID stores and CLONE_CHILD_CLEARTID clears it. */
  readonly childTid: number;
  /** Thread pointer, with CLONE_SETTLS. */
  readonly tls: number;
  /** Index of the child's program in the table of the process. */
  readonly program: number;
}

const GENERAL_REGISTERS = 16;
const HISTORY_OF_CHILD = 0x666f726b;

/** Beginning of threads and processes. @source clone(2), fork(2), copy_process() in kernel/fork.c */
export class Forks {
  readonly #ports: ForkPorts;

  constructor(ports: ForkPorts) {
    this.#ports = ports;
  }

  /**
   * The system call clone: a thread of the process with CLONE_THREAD, else a process.
   *
   * @returns the tid or pid; -EINVAL for flags that cannot be combined, or that this machine lacks:
   *   CLONE_VFORK, CLONE_PARENT, and CLONE_VM without CLONE_THREAD; -EAGAIN when the machine is full;
   *   -EFAULT for an index that names no program
   */
  clone(thread: number, args: CloneArguments): number {
    const { flags } = args;
    const has = (flag: number): boolean => (flags & flag) !== 0;
    const isThread = has(CloneFlag.CLONE_THREAD);
    if (isThread && !has(CloneFlag.CLONE_SIGHAND)) return -Errno.EINVAL;
    if (has(CloneFlag.CLONE_SIGHAND) && !has(CloneFlag.CLONE_VM)) return -Errno.EINVAL;
    if (has(CloneFlag.CLONE_VFORK) || has(CloneFlag.CLONE_PARENT)) return -Errno.EINVAL;
    if (has(CloneFlag.CLONE_VM) !== isThread) return -Errno.EINVAL;
    const process = this.#processOf(thread);
    const body = process.programs.at(args.program) as ThreadBody | undefined;
    if (body === undefined) return -Errno.EFAULT;
    return isThread ? this.#thread(thread, process, body, args) : this.#process(thread, body, args);
  }

  /** The system call fork; the child's program has the index `program`. */
  fork(thread: number, program: number): number {
    const flags = SignalNumber.SIGCHLD;
    return this.clone(thread, { flags, stack: 0, parentTid: 0, childTid: 0, tls: 0, program });
  }

  #thread(thread: number, process: Process, body: ThreadBody, args: CloneArguments): number {
    const { threads, lifecycle, signals, childTids, hooks, user } = this.#ports;
    const child = lifecycle.allocate(process);
    if (child < 0) return -Errno.EAGAIN;
    const { flags } = args;
    const base = child * REGISTER_STRIDE;
    const tid = threads.tid[child]!;
    lifecycle.inheritScheduling(child, thread);
    signals.inheritMask(thread, child);
    if ((flags & CloneFlag.CLONE_SETTLS) !== 0)
      threads.registers[base + RegisterFile.ThreadPointer] = args.tls;
    if (args.stack !== 0) threads.registers[base + RegisterFile.StackPointer] = args.stack;
    if ((flags & CloneFlag.CLONE_PARENT_SETTID) !== 0) user.put32(args.parentTid, tid);
    if ((flags & CloneFlag.CLONE_CHILD_SETTID) !== 0) user.put32(args.childTid, tid);
    if ((flags & CloneFlag.CLONE_CHILD_CLEARTID) !== 0) childTids.set(child, args.childTid);
    hooks.cloned(thread, child);
    this.#publish(thread);
    lifecycle.start(child, process, body, body.name, -1, thread).receive(args.program);
    return tid;
  }

  #process(thread: number, body: ThreadBody, args: CloneArguments): number {
    const { processes, lifecycle, signals, childTids, hooks, user, threads } = this.#ports;
    if (!lifecycle.hasRoom || !processes.hasRoom) return -Errno.EAGAIN;
    const exitSignal = args.flags & CloneFlag.CSIGNAL;
    if (exitSignal !== 0 && !isSignal(exitSignal)) return -Errno.EINVAL;
    const parent = this.#processOf(thread);
    const space = processes.forkSpace(parent);
    const process = processes.begin(parent.id, parent.name, space)!;
    const { columns } = processes;
    process.inherit(parent);
    columns.exitSignal[process.id] = exitSignal;
    columns.parentThread[process.id] = thread;
    const child = lifecycle.allocate(process);
    lifecycle.blocks.move(child, process.id, lifecycle.blocks.blockOf(thread, parent.id));
    lifecycle.inheritScheduling(child, thread);
    this.#copyRegisters(thread, child, args);
    signals.fork(thread, child);
    if ((args.flags & CloneFlag.CLONE_PARENT_SETTID) !== 0)
      user.put32(args.parentTid, threads.tid[child]!);
    if ((args.flags & CloneFlag.CLONE_CHILD_SETTID) !== 0)
      if (space.areas.find(args.childTid) !== undefined)
        process.write32(args.childTid, threads.tid[child]!);
    if ((args.flags & CloneFlag.CLONE_CHILD_CLEARTID) !== 0) childTids.set(child, args.childTid);
    hooks.forked(thread, child);
    this.#publish(thread);
    lifecycle.startForked(child, process, body, thread).receive(args.program);
    return process.pid;
  }

  /** The child goes on with the registers of its parent, except for the result of fork. */
  #copyRegisters(thread: number, child: number, { stack, flags, tls }: CloneArguments): void {
    const { registers, history } = this.#ports.threads;
    const from = thread * REGISTER_STRIDE;
    const to = child * REGISTER_STRIDE;
    registers.copyWithin(to, from, from + GENERAL_REGISTERS);
    registers[to + RegisterFile.Result] = 0;
    if (stack !== 0) registers[to + RegisterFile.StackPointer] = stack;
    if ((flags & CloneFlag.CLONE_SETTLS) !== 0) registers[to + RegisterFile.ThreadPointer] = tls;
    history[child * 2] = history[thread * 2]! ^ HISTORY_OF_CHILD;
    history[child * 2 + 1] = history[thread * 2 + 1]! ^ HISTORY_OF_CHILD;
  }

  /** What the maker did before is visible to the new thread: putting it on a run queue is a fence. */
  #publish(thread: number): void {
    this.#ports.drain(this.#ports.threads.cpu[thread]!);
  }

  #processOf(thread: number): Process {
    const { processes, threads } = this.#ports;
    return processes.at(threads.process[thread]!);
  }
}
