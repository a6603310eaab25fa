import { SIG_IGN, SignalActionFlag } from '../signal/signal-action.js';
import { SignalCode } from '../signal/signal-info.js';
import { SignalNumber } from '../signal/signal-number.js';
import type { Signals } from '../signal/signals.js';
import type { ThreadTable } from '../thread-table.js';
import type { ProcessTable } from '../process-table.js';
import { ProcessLife, StopReport } from './process-columns.js';
import { decodeWaitStatus } from './wait-status.js';

/** Parts that telling parents works on. */
export interface ChildRelationsPorts {
  readonly threads: ThreadTable;
  readonly processes: ProcessTable;
  /** Signals; they are made after this part. */
  signals(): Signals;
  /** Something happened that wait4 of the process may report. */
  childChanged(process: number): void;
}

/**
 * What parents (and tracers) learn of their children: SIGCHLD, and zombies for wait4.
 *
 * @source do_notify_parent() and do_notify_parent_cldstop() in kernel/signal.c, exit_notify()
 */
export class ChildRelations {
  readonly #ports: ChildRelationsPorts;

  constructor(ports: ChildRelationsPorts) {
    this.#ports = ports;
  }

  /** The last thread of a process is gone. */
  exited(process: number): void {
    const { columns } = this.#ports.processes;
    this.#orphan(process);
    this.#ports.signals().state.clearProcess(process);
    const tracer = columns.heldFor[process]!;
    const isKept = columns.life[process] === ProcessLife.Kept;
    if (isKept && tracer >= 0) this.#tellExit(process, tracer, SignalNumber.SIGCHLD);
    if (columns.life[process] !== ProcessLife.Zombie) return;
    if (tracer >= 0 && tracer !== columns.parent[process]) {
      this.#tellExit(process, tracer, SignalNumber.SIGCHLD);
      return;
    }
    columns.heldFor[process] = -1;
    this.exitSeen(process);
  }

  /** Nobody but the parent has to see the exit status: the parent is told. */
  exitSeen(process: number): void {
    const { processes, signals } = this.#ports;
    const { columns } = processes;
    const parent = columns.parent[process]!;
    if (parent < 0) {
      processes.reap(process);
      return;
    }
    const { actions } = signals().state;
    const signal = columns.exitSignal[process]!;
    const isIgnored = actions.handler(parent, SignalNumber.SIGCHLD) === SIG_IGN;
    const flags = actions.flags(parent, SignalNumber.SIGCHLD);
    const leavesNoZombie =
      signal === SignalNumber.SIGCHLD &&
      (isIgnored || (flags & SignalActionFlag.SA_NOCLDWAIT) !== 0);
    const status = columns.exitStatus[process]!;
    const pid = columns.pid[process]!;
    if (leavesNoZombie) processes.reap(process);
    if (signal !== 0 && !(leavesNoZombie && isIgnored)) this.#signal(parent, signal, pid, status);
    this.#ports.childChanged(parent);
  }

  /** All threads of a process stopped by a signal, or go on after SIGCONT. */
  stopChanged(process: number, signal: number, isStopped: boolean): void {
    const { columns } = this.#ports.processes;
    columns.report[process] = isStopped ? StopReport.Stopped : StopReport.Continued;
    const parent = columns.parent[process]!;
    if (parent < 0) return;
    const code = isStopped ? SignalCode.CLD_STOPPED : SignalCode.CLD_CONTINUED;
    this.#tell(parent, columns.pid[process]!, code, isStopped ? signal : SignalNumber.SIGCONT);
  }

  /** A traced thread stopped or exited. */
  tellTracer(tracer: number, tracee: number, code: number, status: number): void {
    this.#tell(tracer, this.#ports.threads.tid[tracee]!, code, status);
  }

  #tell(process: number, pid: number, code: number, value: number): void {
    const signal = SignalNumber.SIGCHLD;
    const { state, sender } = this.#ports.signals();
    const flags = state.actions.flags(process, signal);
    const isWanted =
      state.actions.handler(process, signal) !== SIG_IGN &&
      (flags & SignalActionFlag.SA_NOCLDSTOP) === 0;
    if (isWanted) sender.toProcess(process, { signal, code, origin: pid, value });
    this.#ports.childChanged(process);
  }

  #tellExit(process: number, to: number, signal: number): void {
    const { columns } = this.#ports.processes;
    this.#signal(to, signal, columns.pid[process]!, columns.exitStatus[process]!);
    this.#ports.childChanged(to);
  }

  #signal(to: number, signal: number, pid: number, status: number): void {
    const decoded = decodeWaitStatus(status);
    const isKilled = decoded.kind === 'killed';
    const code = isKilled ? SignalCode.CLD_KILLED : SignalCode.CLD_EXITED;
    const value = isKilled ? decoded.signal : decoded.kind === 'exited' ? decoded.code : 0;
    this.#ports.signals().sender.toProcess(to, { signal, code, origin: pid, value });
  }

  /** Children of an exiting process belong to nobody; their zombies go, as init would see to. */
  #orphan(process: number): void {
    const { processes } = this.#ports;
    const { columns } = processes;
    for (let child = 0; child < processes.count; child++) {
      if (columns.heldFor[child] === process) {
        columns.heldFor[child] = -1;
        if (columns.life[child] === ProcessLife.Zombie && columns.parent[child] !== process)
          this.exitSeen(child);
      }
      if (columns.parent[child] !== process || columns.life[child] === ProcessLife.Free) continue;
      columns.parent[child] = -1;
      columns.parentThread[child] = -1;
      if (columns.life[child] === ProcessLife.Zombie && columns.heldFor[child]! < 0)
        processes.reap(child);
    }
  }
}
