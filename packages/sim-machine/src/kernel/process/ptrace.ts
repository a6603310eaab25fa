import { Errno } from '../../base/errno.js';
import { RegisterFile } from '../../cpu/register-file.js';
import { ExitReason } from '../../isa/exit-reason.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ProcessTable } from '../process-table.js';
import { writeSignalInfo } from '../signal/signal-info.js';
import { isSignal, SignalNumber } from '../signal/signal-number.js';
import type { Signals } from '../signal/signals.js';
import type { ThreadTable } from '../thread-table.js';
import { PTRACE_O_EXITKILL, PTRACE_REGISTER_WORDS, PtraceRequest } from './ptrace-request.js';
import type { StoppedRequest } from './stopped-request.js';
import type { ThreadGroups } from './thread-group.js';
import type { TracedMemory } from './traced-memory.js';
import { TraceFlag } from './trace-table.js';
import type { TraceTable } from './trace-table.js';
import type { Tracing } from './tracing.js';

/** Parts that ptrace works on. */
export interface PtracePorts {
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  readonly groups: ThreadGroups;
  readonly table: TraceTable;
  readonly tracing: Tracing;
  readonly signals: Signals;
  readonly memory: TracedMemory;
  readonly user: UserMemoryPort;
  /** Makes the CPU's buffered stores visible. */
  drain(cpu: number): void;
}

const IP_WORD = 16;
const SYSCALL_WORD = 17;

/** The system call ptrace. @source ptrace(2), kernel/ptrace.c */
export class Ptrace {
  readonly #ports: PtracePorts;
  readonly #requests = new Map<number, StoppedRequest>();

  constructor(ports: PtracePorts) {
    this.#ports = ports;
    const request = PtraceRequest;
    const peek: StoppedRequest = (_, tracee, address, data) => this.#peek(tracee, address, data);
    const poke: StoppedRequest = (_, tracee, address, data) => this.#poke(tracee, address, data);
    this.register(request.PTRACE_PEEKTEXT, peek);
    this.register(request.PTRACE_PEEKDATA, peek);
    this.register(request.PTRACE_POKETEXT, poke);
    this.register(request.PTRACE_POKEDATA, poke);
    this.register(request.PTRACE_CONT, (_, tracee, __, data) => this.#resume(tracee, data, false));
    this.register(request.PTRACE_SINGLESTEP, (_, tracee, __, data) =>
      this.#resume(tracee, data, true),
    );
    this.register(request.PTRACE_DETACH, (_, tracee, __, data) => this.#detach(tracee, data));
    this.register(request.PTRACE_GETREGS, (_, tracee, __, data) =>
      this.#getRegisters(tracee, data),
    );
    this.register(request.PTRACE_SETREGS, (_, tracee, __, data) =>
      this.#setRegisters(tracee, data),
    );
    this.register(request.PTRACE_SETOPTIONS, (_, tracee, __, data) =>
      this.#setOptions(tracee, data),
    );
    this.register(request.PTRACE_GETSIGINFO, (_, tracee, __, data) => this.#getInfo(tracee, data));
  }

  /** Adds a request for stopped threads: a module's, say. */
  register(request: number, handler: StoppedRequest): void {
    this.#requests.set(request, handler);
  }

  /**
   * The system call.
   *
   * @returns 0, or what the request returns; -ESRCH without such a thread, or for one that is not
   *   stopped for the caller; -EPERM for one that cannot be attached to; -EIO for an unknown request,
   *   a bad signal or an address without memory; -EINVAL for unknown options; -EFAULT
   */
  ptrace(thread: number, request: number, pid: number, address: number, data: number): number {
    const { groups, table, tracing, threads } = this.#ports;
    if (request === PtraceRequest.PTRACE_TRACEME) return this.#traceMe(thread);
    const tracee = groups.byTid(pid);
    if (tracee < 0) return -Errno.ESRCH;
    if (request === PtraceRequest.PTRACE_ATTACH) return this.#attach(thread, tracee);
    if (request === PtraceRequest.PTRACE_SEIZE) return this.#seize(thread, tracee, address, data);
    if (table.tracer[tracee] !== thread) return -Errno.ESRCH;
    if (request === PtraceRequest.PTRACE_KILL) return this.#kill(tracee);
    if (request === PtraceRequest.PTRACE_INTERRUPT) return this.#interrupt(tracee);
    if (!tracing.isHeld(tracee)) return -Errno.ESRCH;
    this.#ports.drain(threads.cpu[thread]!);
    return this.#requests.get(request)?.(thread, tracee, address, data) ?? -Errno.EIO;
  }

  /** The caller's parent traces it: the thread that made the process, or another one of it. */
  #traceMe(thread: number): number {
    const { threads, processes, groups, tracing } = this.#ports;
    const { parent, parentThread } = processes.columns;
    const process = threads.process[thread]!;
    if (tracing.isTraced(thread) || parent[process]! < 0) return -Errno.EPERM;
    const maker = parentThread[process]!;
    const isMaker =
      maker >= 0 && groups.isAlive(maker) && threads.process[maker] === parent[process];
    tracing.attach(thread, isMaker ? maker : groups.first(parent[process]!), 0);
    return 0;
  }

  #attach(thread: number, tracee: number): number {
    const { tracing, signals } = this.#ports;
    if (!this.#mayAttach(thread, tracee)) return -Errno.EPERM;
    const { SIGSTOP } = SignalNumber;
    tracing.attach(tracee, thread, 0);
    if (!tracing.isHeld(tracee)) signals.send(tracee, SIGSTOP);
    return 0;
  }

  #seize(thread: number, tracee: number, address: number, options: number): number {
    if (address !== 0 || (options & ~PTRACE_O_EXITKILL) !== 0) return -Errno.EIO;
    if (!this.#mayAttach(thread, tracee)) return -Errno.EPERM;
    const kill = (options & PTRACE_O_EXITKILL) === 0 ? 0 : TraceFlag.ExitKill;
    this.#ports.tracing.attach(tracee, thread, TraceFlag.Seized | kill);
    return 0;
  }

  #mayAttach(thread: number, tracee: number): boolean {
    const { threads, tracing } = this.#ports;
    return threads.process[thread] !== threads.process[tracee] && !tracing.isTraced(tracee);
  }

  #kill(tracee: number): number {
    const { signals, threads } = this.#ports;
    signals.sendProcess(threads.process[tracee]!, SignalNumber.SIGKILL);
    return 0;
  }

  #interrupt(tracee: number): number {
    const { table, tracing } = this.#ports;
    if (!table.has(tracee, TraceFlag.Seized)) return -Errno.EIO;
    if (!tracing.isHeld(tracee)) tracing.requestStop(tracee);
    return 0;
  }

  #resume(tracee: number, signal: number, isStep: boolean): number {
    if (signal !== 0 && !isSignal(signal)) return -Errno.EIO;
    const { table, tracing } = this.#ports;
    if (isStep) table.add(tracee, TraceFlag.Stepping);
    tracing.resume(tracee, signal);
    return 0;
  }

  #detach(tracee: number, signal: number): number {
    if (signal !== 0 && !isSignal(signal)) return -Errno.EIO;
    this.#ports.tracing.detach(tracee, signal);
    return 0;
  }

  #setOptions(tracee: number, options: number): number {
    if ((options & ~PTRACE_O_EXITKILL) !== 0) return -Errno.EINVAL;
    const { table } = this.#ports;
    table.remove(tracee, TraceFlag.ExitKill);
    if ((options & PTRACE_O_EXITKILL) !== 0) table.add(tracee, TraceFlag.ExitKill);
    return 0;
  }

  #peek(tracee: number, address: number, data: number): number {
    const { memory, processes, threads, user } = this.#ports;
    if (!memory.peek(processes.at(threads.process[tracee]!).space, address)) return -Errno.EIO;
    user.put32(data, memory.value);
    return user.failed ? -Errno.EFAULT : 0;
  }

  #poke(tracee: number, address: number, value: number): number {
    const { memory, processes, threads } = this.#ports;
    const { space } = processes.at(threads.process[tracee]!);
    return memory.poke(space, address, value) ? 0 : -Errno.EIO;
  }

  #getRegisters(tracee: number, address: number): number {
    const { user } = this.#ports;
    for (let word = 0; word < PTRACE_REGISTER_WORDS; word++) {
      user.put32(address + word * 4, this.#ports.threads.registers[wordOf(tracee, word)]!);
      if (user.failed) return -Errno.EFAULT;
    }
    return 0;
  }

  #setRegisters(tracee: number, address: number): number {
    const { user, threads, signals } = this.#ports;
    for (let word = 0; word < PTRACE_REGISTER_WORDS; word++) {
      const value = user.get32(address + word * 4);
      if (user.failed) return -Errno.EFAULT;
      threads.registers[wordOf(tracee, word)] = value;
    }
    threads.registers[tracee * REGISTER_STRIDE + RegisterFile.Exit] = ExitReason.Budget;
    signals.syscalls.forget(tracee);
    return 0;
  }

  #getInfo(tracee: number, address: number): number {
    const { table, user } = this.#ports;
    const signal = table.signal[tracee]!;
    if (signal === 0) return -Errno.EINVAL;
    const code = table.code[tracee]!;
    const origin = table.origin[tracee]!;
    const value = table.value[tracee]!;
    const isWritten = writeSignalInfo(user, address, { signal, code, origin, value });
    return isWritten ? 0 : -Errno.EFAULT;
  }
}

function wordOf(thread: number, word: number): number {
  const base = thread * REGISTER_STRIDE;
  if (word === IP_WORD) return base + RegisterFile.Ip;
  return base + (word === SYSCALL_WORD ? RegisterFile.SyscallNumber : word);
}
