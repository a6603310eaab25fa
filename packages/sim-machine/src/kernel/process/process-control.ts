import type { StateArena } from '../../base/state-arena.js';
import { MachineError } from '../../base/machine-error.js';
import type { CpuTable } from '../../cpu/cpu-table.js';
import type { HostAccess } from '../../memory/host-access.js';
import type { MachineEvents } from '../../observe/machine-events.js';
import type { HookPoints } from '../hooks.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ExitContext, Lifecycle } from '../lifecycle.js';
import type { MarkedCpus } from '../marked-cpus.js';
import type { Placement } from '../placement.js';
import type { ProcessTable } from '../process-table.js';
import type { Scheduler } from '../scheduler.js';
import type { SignalCost } from '../signal/signal-delivery.js';
import { isSignal } from '../signal/signal-number.js';
import { Signals } from '../signal/signals.js';
import type { Sleeps } from '../sleeps.js';
import { registerProcessSyscalls } from '../syscalls/process-syscalls.js';
import { registerPtraceSyscall } from '../syscalls/ptrace-syscalls.js';
import { registerSignalSyscalls } from '../syscalls/signal-syscalls.js';
import type { SyscallTable } from '../syscalls/syscall-table.js';
import type { Thread } from '../thread.js';
import type { ThreadTable } from '../thread-table.js';
import type { KernelClock } from '../time/kernel-clock.js';
import { ChildRelations } from './child-relations.js';
import { ChildTids } from './child-tids.js';
import type { FutexWakePort } from './child-tids.js';
import { ChildWait } from './child-wait.js';
import { Execs } from './execs.js';
import { Exits } from './exits.js';
import { Forks } from './forks.js';
import { Ptrace } from './ptrace.js';
import { ThreadGroups } from './thread-group.js';
import { TracedMemory } from './traced-memory.js';
import type { TextPort } from './traced-memory.js';
import { TraceTable } from './trace-table.js';
import { Tracing } from './tracing.js';

/** What signals and processes stand on. */
export interface ProcessControlPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly processes: ProcessTable;
  readonly objects: readonly Thread[];
  readonly lifecycle: Lifecycle;
  readonly scheduler: Scheduler;
  readonly placement: Placement;
  readonly marked: MarkedCpus;
  readonly sleeps: Sleeps;
  readonly clock: KernelClock;
  readonly hooks: HookPoints;
  readonly events: MachineEvents;
  readonly syscalls: SyscallTable;
  /** Memory of the thread that is in the kernel. */
  readonly user: UserMemoryPort;
  /** Memory as a debugger sees it. */
  readonly host: HostAccess;
  readonly context: ExitContext;
  readonly futexes: FutexWakePort;
  readonly text: TextPort;
  readonly cost: SignalCost;
  /** Threads that can live at once, for the areas of a new address space. */
  readonly maxThreads: number;
  /** Address of a `ret` instruction. */
  readonly trampoline: number;
  /** Makes the CPU's buffered stores visible. */
  drain(cpu: number): void;
}

/** Signals, processes and ptrace, put together; with their system calls. */
export class ProcessControl {
  readonly signals: Signals;
  readonly ptrace: Ptrace;
  /** Who is single-stepped. */
  readonly tracing: Tracing;
  readonly #ports: ProcessControlPorts;

  constructor(ports: ProcessControlPorts) {
    const { arena, threads, processes, lifecycle, hooks, syscalls } = ports;
    this.#ports = ports;
    const groups = new ThreadGroups(threads);
    const traces = new TraceTable(arena, threads.capacity);
    const late = { ...ports, signals: () => signals };
    const relations = new ChildRelations({
      ...late,
      childChanged: (process) => {
        childWait.childChanged(process);
      },
    });
    const tracing = (this.tracing = new Tracing({
      ...late,
      table: traces,
      processes: processes.columns,
      groups,
      tellTracer: (process, tracee, code, status) => {
        relations.tellTracer(process, tracee, code, status);
      },
    }));
    const childTids = new ChildTids(arena, threads, ports.user, ports.futexes);
    const exits = new Exits({ ...late, relations, childTids, traces, tracing });
    const signals: Signals = new Signals({
      ...ports,
      processes: processes.columns,
      groups,
      tracing,
      effects: exits,
    });
    this.signals = signals;
    const shared = { ...ports, groups, traces, signals, relations, childTids, exits, tracing };
    const childWait = new ChildWait(shared);
    const memory = new TracedMemory(ports.host, ports.text);
    this.ptrace = new Ptrace({
      ...shared,
      table: traces,
      memory,
      drain: (cpu) => ports.drain(cpu),
    });
    lifecycle.observer = exits;
    hooks.attach(signals.hooks);
    registerSignalSyscalls(syscalls, shared);
    registerPtraceSyscall(syscalls, this.ptrace);
    const forks = new Forks(shared);
    const execs = new Execs(shared);
    registerProcessSyscalls(syscalls, { ...shared, forks, execs, childWait });
  }

  /**
   * Sends a signal to a process from outside.
   *
   * @throws MachineError `ERR_CONFIG` for a number that is no signal; `ERR_STATE` when the process
   *   has exited
   */
  kill(process: number, signal: number): void {
    if (!isSignal(signal))
      throw new MachineError('ERR_CONFIG', `expected a signal from 1 to 64, got ${String(signal)}`);
    const { processes } = this.#ports;
    if (processes.at(process).exited)
      throw new MachineError(
        'ERR_STATE',
        `expected a running process, got ${process}, which exited`,
      );
    this.signals.sendProcess(process, signal);
  }
}
