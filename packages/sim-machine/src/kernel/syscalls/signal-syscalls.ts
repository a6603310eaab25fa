import { Errno } from '../../base/errno.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ProcessTable } from '../process-table.js';
import type { ThreadGroups } from '../process/thread-group.js';
import { ProcessLife } from '../process/process-columns.js';
import { SIG_DFL, SIG_IGN } from '../signal/signal-action.js';
import type { SignalAction } from '../signal/signal-action.js';
import { readSignalInfo, SignalCode } from '../signal/signal-info.js';
import type { SignalRecord } from '../signal/signal-info.js';
import { isSignal, SignalNumber } from '../signal/signal-number.js';
import type { Signals } from '../signal/signals.js';
import type { ThreadTable } from '../thread-table.js';
import { SyscallNumber } from './syscall-number.js';
import { SLEEPING } from './syscall-table.js';
import type { SyscallTable } from './syscall-table.js';

/** How to combine a signal set with the mask. @source include/uapi/asm-generic/signal-defs.h */
export const SignalMaskHow = { SIG_BLOCK: 0, SIG_UNBLOCK: 1, SIG_SETMASK: 2 } as const;

/**
 * Bytes of a kernel signal set, which every system call that takes one is told.
 *
 * The other structure is `struct sigaction` of rt_sigaction:
 *
 * | offset | field                                                             |
 * |--------|-------------------------------------------------------------------|
 * | 0      | sa_handler: 0, 1 or an index into the process's program table     |
 * | 4      | sa_flags                                                          |
 * | 8      | sa_restorer, ignored: the machine returns from handlers by itself |
 * | 12     | sa_mask, 8 bytes                                                  |
 */
export const SIGNAL_SET_BYTES = 8;

/** Parts that the system calls work on. */
export interface SignalSyscallPorts {
  readonly signals: Signals;
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  readonly groups: ThreadGroups;
  readonly user: UserMemoryPort;
  /** Makes the CPU's buffered stores visible: sending takes locks, which is a full fence. */
  drain(cpu: number): void;
}

/** Registers the system calls that signals are handled and sent with. */
export function registerSignalSyscalls(table: SyscallTable, ports: SignalSyscallPorts): void {
  const { signals } = ports;
  const calls = new SignalSyscalls(ports);
  const number = SyscallNumber;
  table.register(number.rt_sigaction, (thread, a, b, c, d) => calls.sigaction(thread, a, b, c, d));
  table.register(number.rt_sigprocmask, (thread, a, b, c, d) =>
    calls.sigprocmask(thread, a, b, c, d),
  );
  table.register(number.rt_sigpending, (thread, a, b) => calls.sigpending(thread, a, b));
  table.register(number.rt_sigsuspend, (thread, a, b) => calls.sigsuspend(thread, a, b));
  table.register(number.rt_sigtimedwait, (thread, a, b, c, d) =>
    calls.sigtimedwait(thread, a, b, c, d),
  );
  table.register(number.rt_sigqueueinfo, (thread, a, b, c) => calls.sigqueueinfo(thread, a, b, c));
  table.register(number.kill, (thread, a, b) => calls.kill(thread, a, b));
  table.register(number.tkill, (thread, tid, signal) =>
    tid <= 0 ? -Errno.EINVAL : calls.tgkill(thread, 0, tid, signal),
  );
  table.register(number.tgkill, (thread, group, tid, signal) =>
    group <= 0 || tid <= 0 ? -Errno.EINVAL : calls.tgkill(thread, group, tid, signal),
  );
  table.register(number.pause, (thread) => signals.waits.pause(thread));
  table.register(number.sigaltstack, (thread, address, old) =>
    signals.stacks.sigaltstack(thread, address, old),
  );
  table.register(number.rt_sigreturn, (thread) => {
    signals.sigreturn(thread);
    return SLEEPING;
  });
}

class SignalSyscalls {
  readonly #ports: SignalSyscallPorts;
  readonly #action: SignalAction = { handler: 0, flags: 0, maskLow: 0, maskHigh: 0 };
  readonly #record: SignalRecord = { signal: 0, code: 0, origin: 0, value: 0 };
  #low = 0;
  #high = 0;

  constructor(ports: SignalSyscallPorts) {
    this.#ports = ports;
  }

  /** @source sigaction(2); additionally -EFAULT for an index that names no handler */
  sigaction(thread: number, signal: number, address: number, old: number, bytes: number): number {
    const { signals, processes, threads, user } = this.#ports;
    const { actions } = signals.state;
    if (bytes !== SIGNAL_SET_BYTES) return -Errno.EINVAL;
    if (address !== 0 && !this.#readAction(address)) return -Errno.EFAULT;
    const isFixed = signal === SignalNumber.SIGKILL || signal === SignalNumber.SIGSTOP;
    if (!isSignal(signal) || (isFixed && address !== 0)) return -Errno.EINVAL;
    const process = processes.at(threads.process[thread]!);
    const { handler, flags, maskLow, maskHigh } = this.#action;
    const isCode = handler !== SIG_DFL && handler !== SIG_IGN;
    if (address !== 0 && isCode && process.programs.at(handler) === undefined) return -Errno.EFAULT;
    const before = this.#action;
    actions.get(process.id, signal, before);
    const words = [before.handler, before.flags, 0, before.maskLow, before.maskHigh];
    if (address !== 0) {
      actions.set(process.id, signal, { handler, flags, maskLow, maskHigh });
      if (actions.isIgnored(process.id, signal)) this.#dropPending(process.id, signal);
    }
    for (let i = 0; i < words.length && old !== 0; i++) {
      user.put32(old + i * 4, words[i]!);
      if (user.failed) return -Errno.EFAULT;
    }
    return 0;
  }

  /** @source sigprocmask(2) */
  sigprocmask(thread: number, how: number, set: number, old: number, bytes: number): number {
    const { signals } = this.#ports;
    const { masks } = signals.state;
    if (bytes !== SIGNAL_SET_BYTES) return -Errno.EINVAL;
    const low = masks.low[thread]!;
    const high = masks.high[thread]!;
    if (set !== 0) {
      if (!this.#readSet(set)) return -Errno.EFAULT;
      if (how === SignalMaskHow.SIG_BLOCK)
        signals.sender.setMask(thread, low | this.#low, high | this.#high);
      else if (how === SignalMaskHow.SIG_UNBLOCK)
        signals.sender.setMask(thread, low & ~this.#low, high & ~this.#high);
      else if (how === SignalMaskHow.SIG_SETMASK)
        signals.sender.setMask(thread, this.#low, this.#high);
      else return -Errno.EINVAL;
    }
    return old === 0 || this.#writeSet(old, low, high) ? 0 : -Errno.EFAULT;
  }

  /** @source sigpending(2) */
  sigpending(thread: number, address: number, bytes: number): number {
    const { state } = this.#ports.signals;
    if (bytes >>> 0 > SIGNAL_SET_BYTES) return -Errno.EINVAL;
    const low = state.pendingLow(thread) & state.masks.low[thread]!;
    const high = state.pendingHigh(thread) & state.masks.high[thread]!;
    return this.#writeSet(address, low, high) ? 0 : -Errno.EFAULT;
  }

  /** @source sigsuspend(2) */
  sigsuspend(thread: number, address: number, bytes: number): number {
    if (bytes !== SIGNAL_SET_BYTES) return -Errno.EINVAL;
    if (!this.#readSet(address)) return -Errno.EFAULT;
    return this.#ports.signals.waits.suspend(thread, this.#low, this.#high);
  }

  /** @source sigtimedwait(2) */
  sigtimedwait(thread: number, set: number, info: number, timeout: number, bytes: number): number {
    if (bytes !== SIGNAL_SET_BYTES) return -Errno.EINVAL;
    if (!this.#readSet(set)) return -Errno.EFAULT;
    return this.#ports.signals.waits.timedWait(thread, this.#low, this.#high, info, timeout);
  }

  /** @source rt_sigqueueinfo(2) */
  sigqueueinfo(thread: number, pid: number, signal: number, info: number): number {
    const { processes, threads, user, signals } = this.#ports;
    const record = this.#record;
    if (!readSignalInfo(user, info, record)) return -Errno.EFAULT;
    record.signal = signal;
    const process = processes.byPid(pid);
    const isForged = record.code >= 0 || record.code === SignalCode.SI_TKILL;
    if (isForged && process?.id !== threads.process[thread]) return -Errno.EPERM;
    if (signal !== 0 && !isSignal(signal)) return -Errno.EINVAL;
    if (process === undefined) return -Errno.ESRCH;
    if (signal === 0) return 0;
    this.#ports.drain(threads.cpu[thread]!);
    return signals.sender.toProcess(process.id, record) ? this.#result(thread) : -Errno.EAGAIN;
  }

  /** @source kill(2) */
  kill(thread: number, pid: number, signal: number): number {
    const { processes, threads } = this.#ports;
    if (signal !== 0 && !isSignal(signal)) return -Errno.EINVAL;
    const { columns } = processes;
    const self = threads.process[thread]!;
    const group = pid === 0 ? columns.group[self]! : -pid;
    const sender = columns.pid[self]!;
    this.#ports.drain(threads.cpu[thread]!);
    let found = 0;
    for (let id = 0; id < processes.count; id++) {
      const { life } = columns;
      if (life[id] !== ProcessLife.Alive && life[id] !== ProcessLife.Zombie) continue;
      const isMeant =
        pid > 0 ? columns.pid[id] === pid : pid === -1 ? id !== self : columns.group[id] === group;
      if (!isMeant) continue;
      found += 1;
      if (signal !== 0) this.#send(id, signal, sender);
    }
    return found === 0 ? -Errno.ESRCH : this.#result(thread);
  }

  /** A group of 0 stands for any, as tkill has it. @source tgkill(2) */
  tgkill(thread: number, group: number, tid: number, signal: number): number {
    const { groups, processes, threads, signals } = this.#ports;
    if (signal !== 0 && !isSignal(signal)) return -Errno.EINVAL;
    const { pid } = processes.columns;
    const target = groups.byTid(tid);
    if (target < 0 || (group !== 0 && pid[threads.process[target]!] !== group)) return -Errno.ESRCH;
    if (signal === 0) return 0;
    this.#ports.drain(threads.cpu[thread]!);
    const record = this.#record;
    record.signal = signal;
    record.code = SignalCode.SI_TKILL;
    record.origin = pid[threads.process[thread]!]!;
    record.value = 0;
    return signals.sender.toThread(target, record) ? this.#result(thread) : -Errno.EAGAIN;
  }

  /** 0, or SLEEPING when the caller killed itself and its registers are somebody else's. */
  #result(thread: number): number {
    return this.#ports.groups.isAlive(thread) ? 0 : SLEEPING;
  }

  #send(process: number, signal: number, sender: number): void {
    const record = this.#record;
    record.signal = signal;
    record.code = SignalCode.SI_USER;
    record.origin = sender;
    record.value = 0;
    this.#ports.signals.sender.toProcess(process, record);
  }

  /** A signal that is ignored from now on is not pending any more. */
  #dropPending(process: number, signal: number): void {
    const { signals, groups } = this.#ports;
    const { ofProcesses, ofThreads } = signals.state;
    ofProcesses.flush(process, signal);
    for (let thread = groups.first(process); thread >= 0; thread = groups.next(process, thread))
      ofThreads.flush(thread, signal);
  }

  #readAction(address: number): boolean {
    const { user } = this.#ports;
    const action = this.#action;
    action.handler = user.get32(address);
    if (!user.failed) action.flags = user.get32(address + 4);
    if (!user.failed) action.maskLow = user.get32(address + 12);
    if (!user.failed) action.maskHigh = user.get32(address + 16);
    return !user.failed;
  }

  #readSet(address: number): boolean {
    const { user } = this.#ports;
    this.#low = user.get32(address);
    if (!user.failed) this.#high = user.get32(address + 4);
    return !user.failed;
  }

  #writeSet(address: number, low: number, high: number): boolean {
    const { user } = this.#ports;
    user.put32(address, low);
    if (!user.failed) user.put32(address + 4, high);
    return !user.failed;
  }
}
