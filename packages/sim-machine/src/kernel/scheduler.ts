import type { StateArena } from '../base/state-arena.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import { RegisterFile } from '../cpu/register-file.js';
import { ChoiceKind } from '../director/director.js';
import type { Referee } from '../director/referee.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { MachineEvents } from '../observe/machine-events.js';
import { ExitWork, SwitchReason } from './exit-work.js';
import type { HookPoints } from './hooks.js';
import type { MarkedCpus } from './marked-cpus.js';
import { QueuedThreads } from './queued-threads.js';
import type { RunTime } from './run-time.js';
import { DequeueReason, EnqueueReason } from './sched/run-queues.js';
import type { RunQueues } from './sched/run-queues.js';
import type { ThreadTable } from './thread-table.js';
import { ThreadState } from './thread-state.js';
import { WaitKind } from './wait-kind.js';

/** What a context switch does outside the scheduler. */
export interface SwitchPort {
  /** The CPU's buffered stores reach memory, and the switch is paid for. */
  switching(cpu: number): void;
  /** A CPU that was idle takes a thread: a full fence. */
  arriving(cpu: number): void;
}

/** Moves threads between CPUs where a policy orders them. */
export interface BalancingPort {
  /** The CPU picks a thread next; a better one may be brought here. */
  beforePick(cpu: number): void;
  /** The CPU has picked a thread, or a thread was queued on it that will not run at once. */
  afterPick(cpu: number): void;
}

/** The clocks of CPUs that idle. */
export interface IdleClockPort {
  /** The CPU is given something to do: its clock goes on from the present time. */
  catchUp(cpu: number): void;
}

/** Parts that the scheduler works on. */
export interface SchedulerPorts {
  readonly arena: StateArena;
  readonly threads: ThreadTable;
  readonly cpus: CpuTable;
  readonly queues: RunQueues;
  readonly hooks: HookPoints;
  readonly events: MachineEvents;
  readonly referee: Referee;
  readonly runTime: RunTime;
  readonly marked: MarkedCpus;
  /** Gets the CPUs that were idle and are not any more, for directors. */
  readonly activated: MarkedCpus;
  readonly clock: IdleClockPort;
  /** Absent where a switch has no such effects. */
  readonly switches: SwitchPort | undefined;
}

/**
 * Puts threads on CPUs and takes them off.
 *
 * Nothing here decides when: that is the director's part, or a system call's. A change that a CPU
 * has to react to marks that CPU; the kernel settles marked CPUs before the next decision.
 *
 * Invariant: a runnable thread is in the queue of its CPU, also while it runs.
 */
export class Scheduler {
  /** Balances the CPUs; without it threads stay where they were placed. */
  balancing: BalancingPort | undefined;
  readonly #threads: ThreadTable;
  readonly #cpus: CpuTable;
  readonly #current: Int32Array;
  readonly #queues: RunQueues;
  readonly #hooks: HookPoints;
  readonly #events: MachineEvents;
  readonly #referee: Referee;
  readonly #runTime: RunTime;
  readonly #marked: MarkedCpus;
  readonly #activated: MarkedCpus;
  readonly #clock: IdleClockPort;
  readonly #switches: SwitchPort | undefined;
  /** What the director chooses from; undefined where a policy orders the threads. */
  readonly #queued: QueuedThreads | undefined;

  constructor(ports: SchedulerPorts) {
    this.#threads = ports.threads;
    this.#cpus = ports.cpus;
    this.#current = ports.cpus.current;
    this.#queues = ports.queues;
    this.#hooks = ports.hooks;
    this.#events = ports.events;
    this.#referee = ports.referee;
    this.#runTime = ports.runTime;
    this.#marked = ports.marked;
    this.#activated = ports.activated;
    this.#clock = ports.clock;
    this.#switches = ports.switches;
    this.#queued =
      ports.referee.scheduling === 'free'
        ? new QueuedThreads(ports.arena, ports.threads.capacity, ports.cpus.capacity)
        : undefined;
  }

  /** Makes a new or sleeping thread runnable on a CPU. */
  wake(thread: number, cpu: number, created: boolean): void {
    const threads = this.#threads;
    const from = threads.cpu[thread]!;
    threads.state[thread] = ThreadState.Runnable;
    threads.waitKind[thread] = WaitKind.None;
    threads.waitKey[thread] = 0;
    if (created) threads.cpu[thread] = cpu;
    else if (from !== cpu) this.#setCpu(thread, from, cpu);
    this.#runTime.charge(cpu);
    this.#queued?.add(cpu, thread);
    this.#queues.enqueue(cpu, thread, created ? EnqueueReason.New : EnqueueReason.Wakeup);
    if (this.#events.wanted.wakeup) this.#events.emit('wakeup', { thread, cpu, created });
    this.#arrived(cpu, thread);
  }

  /** Puts the result of a system call that slept into the thread's r0. */
  complete(thread: number, result: number): void {
    this.#threads.registers[thread * REGISTER_STRIDE + RegisterFile.Result] = result;
  }

  /** Asks for a change of threads on a CPU before it is next in user mode. */
  requestReschedule(cpu: number): void {
    const current = this.#current[cpu]!;
    if (current >= 0) this.#threads.exitWork[current]! |= ExitWork.Reschedule;
    this.#marked.mark(cpu);
  }

  /** The thread is no longer runnable: it sleeps, stops or exits. */
  block(thread: number, state: ThreadState, kind: WaitKind, key: number): void {
    const threads = this.#threads;
    const cpu = threads.cpu[thread]!;
    this.#runTime.charge(cpu);
    const wasRunnable = threads.state[thread] === ThreadState.Runnable;
    threads.state[thread] = state;
    threads.waitKind[thread] = kind;
    threads.waitKey[thread] = key;
    if (!wasRunnable) return;
    this.#queued?.remove(cpu, thread);
    this.#queues.dequeue(cpu, thread, DequeueReason.Sleep);
    if (this.#current[cpu] === thread) this.#leave(cpu, thread, reasonOf(state));
  }

  /** The running thread lets others of its CPU go first. */
  yieldCpu(thread: number): void {
    const cpu = this.#threads.cpu[thread]!;
    this.#runTime.charge(cpu);
    this.#queues.yield(cpu, thread);
    if (this.#queues.count(cpu) > 1) this.requestReschedule(cpu);
  }

  /** Changes how a thread shares its CPU; see `RunQueues.setPolicy`. */
  setParameters(thread: number, policy: number, priority: number, nice: number): void {
    const cpu = this.#threads.cpu[thread]!;
    this.#runTime.charge(cpu);
    this.#queues.setPolicy(thread, policy, priority, nice);
    const current = this.#current[cpu]!;
    if (this.#queues.cpuOf(thread) < 0 || current < 0) return;
    // Without a policy a thread that still may run is not asked to make way.
    if (this.#queued !== undefined && this.#queues.mayRunNext(cpu, current)) return;
    this.requestReschedule(cpu);
  }

  /**
   * Picks a thread for a CPU and switches to it, or leaves the CPU idle.
   *
   * The CPU is not marked: it is the caller who brings the thread to user mode.
   */
  schedule(cpu: number): void {
    const previous = this.#current[cpu]!;
    if (previous >= 0) this.#threads.exitWork[previous]! &= ~ExitWork.Reschedule;
    if (this.#queued === undefined) {
      this.#scheduleByPolicy(cpu, previous);
      return;
    }
    const next = this.#choose(cpu, previous, this.#queued);
    if (next >= 0 && next !== previous) this.#take(cpu, previous, next);
  }

  #scheduleByPolicy(cpu: number, previous: number): void {
    this.#runTime.charge(cpu);
    const { balancing } = this;
    balancing?.beforePick(cpu);
    const next = this.#queues.pickNext(cpu, previous);
    if (next >= 0 && next !== previous) this.#take(cpu, previous, next);
    balancing?.afterPick(cpu);
  }

  /**
   * Whether a decision may let `next` take the place of the CPU's thread.
   *
   * Only among time-shared threads: of real-time threads the right one runs already, or a tick ends
   * its quantum.
   */
  mayPreempt(cpu: number, next: number): boolean {
    const current = this.#current[cpu]!;
    const queues = this.#queues;
    if (current < 0 || current === next || queues.cpuOf(next) !== cpu) return false;
    return !queues.parameters.isRealTime(current) && queues.mayRunNext(cpu, next);
  }

  /** Preempts the running thread in favour of a given one. */
  preempt(cpu: number, next: number): void {
    const previous = this.#current[cpu]!;
    this.#threads.exitWork[previous]! &= ~ExitWork.Reschedule;
    this.#runTime.charge(cpu);
    this.#take(cpu, previous, next);
    this.#marked.mark(cpu);
  }

  /** Whether a decision may move the thread to the CPU. */
  mayMigrate(thread: number, to: number): boolean {
    const threads = this.#threads;
    return (
      threads.state[thread] === ThreadState.Runnable &&
      threads.cpu[thread] !== to &&
      this.#cpus.online[to] === 1 &&
      threads.allows(thread, to)
    );
  }

  /** Moves a runnable thread to another CPU; one that runs is taken off its CPU first. */
  migrate(thread: number, to: number): void {
    const from = this.#threads.cpu[thread]!;
    this.#runTime.charge(from);
    this.#runTime.charge(to);
    this.#queued?.remove(from, thread);
    this.#queues.dequeue(from, thread, DequeueReason.Migrate);
    if (this.#current[from] === thread) this.#leave(from, thread, SwitchReason.Migrated);
    this.#setCpu(thread, from, to);
    this.#queued?.add(to, thread);
    this.#queues.enqueue(to, thread, EnqueueReason.Migrate);
    this.#arrived(to, thread);
  }

  #arrived(cpu: number, thread: number): void {
    const current = this.#current[cpu]!;
    if (current < 0) {
      this.#clock.catchUp(cpu);
      this.#activated.mark(cpu);
      this.#marked.mark(cpu);
    } else if (this.#queues.checkPreempt(cpu, current, thread)) this.requestReschedule(cpu);
    else if (this.#queued === undefined) this.balancing?.afterPick(cpu);
  }

  /**
   * Asks the director which of the threads that may run next does; or -1.
   *
   * By ascending id, and last the one that has had the CPU and could keep it, where it yields.
   */
  #choose(cpu: number, previous: number, queued: QueuedThreads): number {
    const queues = this.#queues;
    const head = queues.realTime.head(cpu);
    if (head >= 0) return head;
    const count = queues.count(cpu);
    if (count < 2) return queues.first(cpu);
    const chosen = this.#referee.choose(ChoiceKind.NextThread, count);
    if (previous < 0 || queues.cpuOf(previous) !== cpu) return queued.at(cpu, chosen);
    if (chosen === count - 1) return previous;
    const other = queued.at(cpu, chosen);
    return other < previous ? other : queued.at(cpu, chosen + 1);
  }

  #leave(cpu: number, thread: number, reason: SwitchReason): void {
    this.#switches?.switching(cpu);
    this.#current[cpu] = -1;
    this.#hooks.switchedOut(thread, reason);
    if (this.#events.wanted.switch)
      this.#events.emit('switch', { cpu, previous: thread, next: -1, reason });
    this.#marked.mark(cpu);
  }

  #take(cpu: number, previous: number, next: number): void {
    if (previous >= 0) {
      this.#switches?.switching(cpu);
      this.#hooks.switchedOut(previous, SwitchReason.Preempted);
    } else this.#switches?.arriving(cpu);
    this.#current[cpu] = next;
    this.#queues.setNext(next);
    this.#runTime.started(cpu);
    this.#hooks.switchedIn(next, cpu);
    if (this.#events.wanted.switch)
      this.#events.emit('switch', { cpu, previous, next, reason: SwitchReason.Preempted });
  }

  #setCpu(thread: number, from: number, to: number): void {
    this.#threads.cpu[thread] = to;
    this.#hooks.migrated(thread, from, to);
    if (this.#events.wanted.migration) this.#events.emit('migration', { thread, from, to });
  }
}

function reasonOf(state: ThreadState): SwitchReason {
  if (state === ThreadState.Zombie) return SwitchReason.Exited;
  return state === ThreadState.Stopped ? SwitchReason.Stopped : SwitchReason.Blocked;
}
