import { Errno } from '../../base/errno.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ProcessTable } from '../process-table.js';
import { RestartCode } from '../restart-code.js';
import type { LookingSyscall } from '../signal/interrupted-syscalls.js';
import { SignalNumber } from '../signal/signal-number.js';
import type { Signals } from '../signal/signals.js';
import { SleepEnd } from '../sleeps.js';
import type { SleepOwner, Sleeps } from '../sleeps.js';
import { ThreadState } from '../thread-state.js';
import type { ThreadTable } from '../thread-table.js';
import { WaitKind } from '../wait-kind.js';
import type { ChildRelations } from './child-relations.js';
import { ProcessLife, StopReport } from './process-columns.js';
import type { ThreadGroups } from './thread-group.js';
import { TraceFlag } from './trace-table.js';
import type { TraceTable } from './trace-table.js';
import { CONTINUED_STATUS, stoppedStatus } from './wait-status.js';

/** Options of wait4. @source include/uapi/linux/wait.h, wait(2) */
export const WaitOption = {
  /** Do not sleep. */
  WNOHANG: 1,
  /** Report stopped children as well. */
  WUNTRACED: 2,
  /** Report children that go on as well. */
  WCONTINUED: 8,
  /** Only what this thread, not its siblings, traces. */
  WNOTHREAD: 0x20000000,
  /** All children, whatever signal they end with. */
  WALL: 0x40000000,
  /** Only children that end with another signal than SIGCHLD. */
  WCLONE: -0x80000000,
} as const;

const KNOWN_OPTIONS =
  WaitOption.WNOHANG |
  WaitOption.WUNTRACED |
  WaitOption.WCONTINUED |
  WaitOption.WNOTHREAD |
  WaitOption.WALL |
  WaitOption.WCLONE;

/** Words of struct rusage, with the machine's word for long. */
const RUSAGE_WORDS = 18;
const INT_MIN = -0x80000000;
const NOTHING_YET = 0;

/** Parts that waiting for children works on. */
export interface ChildWaitPorts {
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  readonly groups: ThreadGroups;
  readonly traces: TraceTable;
  readonly sleeps: Sleeps;
  readonly signals: Signals;
  readonly relations: ChildRelations;
  readonly user: UserMemoryPort;
}

/**
 * The system call wait4: exit statuses and stops of children, and of traced threads.
 *
 * @source wait(2), wait4(2), do_wait() in kernel/exit.c
 */
export class ChildWait implements SleepOwner, LookingSyscall {
  readonly #ports: ChildWaitPorts;
  #status = 0;

  constructor(ports: ChildWaitPorts) {
    this.#ports = ports;
    ports.sleeps.own(WaitKind.Child, this);
    ports.signals.syscalls.register(WaitKind.Child, this);
  }

  /**
   * The system call.
   *
   * @returns a pid; 0 with WNOHANG; -ECHILD with nothing to wait for; -EINVAL for unknown options;
   *   -ESRCH for the pid INT_MIN; -EFAULT when the status cannot be written, and is lost; -EINTR
   */
  wait4(
    thread: number,
    pid: number,
    statusAddress: number,
    options: number,
    usage: number,
  ): number {
    if ((options & ~KNOWN_OPTIONS) !== 0) return -Errno.EINVAL;
    if (pid === INT_MIN) return -Errno.ESRCH;
    const found = this.#find(thread, pid, options, true);
    if (found !== NOTHING_YET) return found < 0 ? found : this.#report(found, statusAddress, usage);
    if ((options & WaitOption.WNOHANG) !== 0) return 0;
    return this.#ports.sleeps.sleep(thread, WaitKind.Child, pid, Infinity);
  }

  /** Wakes the threads of a process whose wait has something to report. */
  childChanged(process: number): void {
    const { groups, threads, sleeps, signals } = this.#ports;
    for (let thread = groups.first(process); thread >= 0; thread = groups.next(process, thread)) {
      const isWaiting =
        threads.state[thread] === ThreadState.Interruptible &&
        threads.waitKind[thread] === WaitKind.Child;
      if (!isWaiting) continue;
      const options = threads.registers[thread * REGISTER_STRIDE + 3]!;
      if (this.#find(thread, threads.waitKey[thread]!, options, false) === NOTHING_YET) continue;
      signals.syscalls.look(thread, WaitKind.Child);
      sleeps.wake(thread, 0, -1);
    }
  }

  ended(thread: number, end: SleepEnd): number {
    if (end === SleepEnd.Exit) return 0;
    this.#ports.signals.syscalls.look(thread, WaitKind.Child);
    return -RestartCode.System;
  }

  lookAgain(thread: number): number {
    const { registers } = this.#ports.threads;
    const base = thread * REGISTER_STRIDE;
    const wasInterrupted = registers[base] !== 0 || this.#ports.signals.hasPending(thread);
    const pid = registers[base + 1]!;
    const options = registers[base + 3]!;
    if (wasInterrupted && this.#find(thread, pid, options, false) === NOTHING_YET)
      return -RestartCode.System;
    return this.wait4(thread, pid, registers[base + 2]!, options, registers[base + 4]!);
  }

  #report(pid: number, statusAddress: number, usage: number): number {
    const { user } = this.#ports;
    if (statusAddress !== 0) {
      user.put32(statusAddress, this.#status);
      if (user.failed) return -Errno.EFAULT;
    }
    if (usage === 0) return pid;
    for (let word = 0; word < RUSAGE_WORDS; word++) {
      user.put32(usage + word * 4, 0);
      if (user.failed) return -Errno.EFAULT;
    }
    return pid;
  }

  /**
   * Looks for something to report.
   *
   * @param takes whether it counts as reported then
   * @returns its pid; {@link NOTHING_YET}; -ECHILD
   */
  #find(thread: number, pid: number, options: number, takes: boolean): number {
    const { processes, threads } = this.#ports;
    const self = threads.process[thread]!;
    let isAny = false;
    for (let child = 0; child < processes.count; child++) {
      if (!this.#isMine(child, self, pid, options)) continue;
      isAny = true;
      const found = this.#lookAt(child, self, options, takes);
      if (found > 0) return found;
    }
    for (let tracee = 0; tracee < threads.highWater; tracee++) {
      if (!this.#isTracee(tracee, thread, pid, options)) continue;
      isAny = true;
      const found = this.#lookAtTracee(tracee, takes);
      if (found > 0) return found;
    }
    return isAny ? NOTHING_YET : -Errno.ECHILD;
  }

  #isMine(child: number, self: number, pid: number, options: number): boolean {
    const { columns } = this.#ports.processes;
    const { life, heldFor, parent, exitSignal } = columns;
    const isHeld = heldFor[child] === self;
    const isKept = life[child] === ProcessLife.Kept && isHeld;
    if (life[child] !== ProcessLife.Alive && life[child] !== ProcessLife.Zombie && !isKept)
      return false;
    if (!this.#matches(columns.pid[child]!, columns.group[child]!, self, pid)) return false;
    if (isHeld) return true;
    if (parent[child] !== self) return false;
    if ((options & WaitOption.WALL) !== 0) return true;
    const isClone = exitSignal[child] !== SignalNumber.SIGCHLD;
    return isClone === ((options & WaitOption.WCLONE) !== 0);
  }

  #isTracee(tracee: number, thread: number, pid: number, options: number): boolean {
    const { traces, threads, processes } = this.#ports;
    const tracer = traces.tracer[tracee]!;
    if (tracer < 0) return false;
    const isMine =
      (options & WaitOption.WNOTHREAD) !== 0
        ? tracer === thread
        : threads.process[tracer] === threads.process[thread];
    const group = processes.columns.group[threads.process[tracee]!]!;
    return isMine && this.#matches(threads.tid[tracee]!, group, threads.process[thread]!, pid);
  }

  #matches(pid: number, group: number, self: number, asked: number): boolean {
    if (asked === -1) return true;
    if (asked > 0) return pid === asked;
    return group === (asked === 0 ? this.#ports.processes.columns.group[self] : -asked);
  }

  #lookAt(child: number, self: number, options: number, takes: boolean): number {
    const { processes, relations } = this.#ports;
    const { columns } = processes;
    const pid = columns.pid[child]!;
    const isKept = columns.life[child] === ProcessLife.Kept;
    if (isKept || columns.life[child] === ProcessLife.Zombie) {
      const isHeld = columns.heldFor[child]! >= 0;
      if (isHeld && columns.heldFor[child] !== self) return NOTHING_YET;
      this.#status = columns.exitStatus[child]!;
      if (!takes) return pid;
      columns.heldFor[child] = -1;
      if (isKept) return pid;
      if (isHeld && columns.parent[child] !== self) relations.exitSeen(child);
      else processes.reap(child);
      return pid;
    }
    if (this.#isTraced(columns.leader[child]!, self)) return NOTHING_YET;
    const report = columns.report[child];
    const isWanted =
      (report === StopReport.Stopped && (options & WaitOption.WUNTRACED) !== 0) ||
      (report === StopReport.Continued && (options & WaitOption.WCONTINUED) !== 0);
    if (!isWanted) return NOTHING_YET;
    this.#status =
      report === StopReport.Stopped ? stoppedStatus(columns.stopSignal[child]!) : CONTINUED_STATUS;
    if (takes) columns.report[child] = StopReport.None;
    return pid;
  }

  /** Whether a process traces the thread: then stops are reported by the tracing. */
  #isTraced(thread: number, self: number): boolean {
    const { traces, threads } = this.#ports;
    const tracer = thread < 0 ? -1 : traces.tracer[thread]!;
    return tracer >= 0 && threads.process[tracer] === self;
  }

  #lookAtTracee(tracee: number, takes: boolean): number {
    const { traces, threads } = this.#ports;
    const tid = threads.tid[tracee]!;
    if (threads.state[tracee] === ThreadState.Zombie) {
      this.#status = threads.exitStatus[tracee]!;
      if (takes) {
        traces.clear(tracee);
        threads.clear(tracee);
      }
      return tid;
    }
    if (!traces.has(tracee, TraceFlag.Unreported)) return NOTHING_YET;
    this.#status = stoppedStatus(traces.stopCode[tracee]!);
    if (takes) traces.remove(tracee, TraceFlag.Unreported);
    return tid;
  }
}
