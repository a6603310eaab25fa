import { StateArena } from '../../../src/base/state-arena.js';
import { EnqueueReason, RunQueues } from '../../../src/kernel/sched/run-queues.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';
import type { SchedulerPorts } from '../../../src/kernel/sched/scheduler-ports.js';

/** What a scheduling test varies. */
export interface FixtureOptions {
  readonly cpus?: readonly number[];
  readonly nodeOf?: (cpu: number) => number;
  readonly threads?: number;
  readonly ordered?: boolean;
  readonly sliceNs?: number;
}

/** Run queues with a hand-driven kernel around them: who runs, who may run where. */
export class MachineFixture implements SchedulerPorts {
  readonly arena: StateArena = new StateArena();
  readonly queues: RunQueues;
  readonly cpus: readonly number[];
  readonly current: Map<number, number> = new Map<number, number>();
  readonly offline: Set<number> = new Set<number>();
  readonly affinity: Map<number, ReadonlySet<number>> = new Map<number, ReadonlySet<number>>();
  readonly #nodeOf: (cpu: number) => number;

  constructor(options: FixtureOptions = {}) {
    this.cpus = options.cpus ?? [0];
    this.#nodeOf = options.nodeOf ?? (() => 0);
    this.queues = new RunQueues({
      arena: this.arena,
      maxThreads: options.threads ?? 64,
      cpus: this.cpus,
      nodeOf: this.#nodeOf,
      ordered: options.ordered ?? true,
      sliceNs: options.sliceNs ?? 3_000_000,
    });
  }

  cpuAllowed(thread: number, cpu: number): boolean {
    return this.affinity.get(thread)?.has(cpu) ?? true;
  }

  isOnline(cpu: number): boolean {
    return !this.offline.has(cpu);
  }

  currentOf(cpu: number): number {
    return this.current.get(cpu) ?? -1;
  }

  nodeOf(cpu: number): number {
    return this.#nodeOf(cpu);
  }

  /** Creates a time-shared thread and queues it. */
  fair(thread: number, cpu = 0, nice = 0): void {
    this.queues.attach(thread, SchedulingPolicy.Normal, 0, nice);
    this.queues.enqueue(cpu, thread, EnqueueReason.New);
  }

  /** Creates a real-time thread and queues it. */
  realTime(
    thread: number,
    priority: number,
    cpu = 0,
    policy = SchedulingPolicy.Fifo as number,
  ): void {
    this.queues.attach(thread, policy, priority, 0);
    this.queues.enqueue(cpu, thread, EnqueueReason.New);
  }

  /** Picks and switches, as at need_resched; returns who runs. */
  reschedule(cpu = 0): number {
    const next = this.queues.pickNext(cpu, this.currentOf(cpu));
    if (next !== this.currentOf(cpu) && next >= 0) this.queues.setNext(next);
    this.current.set(cpu, next);
    return next;
  }

  /** The enumeration of runnable threads. */
  listed(cpu = 0): number[] {
    const threads: number[] = [];
    for (let thread = this.queues.first(cpu); thread >= 0; thread = this.queues.next(thread))
      threads.push(thread);
    return threads;
  }

  /** The enumeration of threads that may run next. */
  candidates(cpu = 0): number[] {
    const threads: number[] = [];
    let thread = this.queues.firstCandidate(cpu);
    while (thread >= 0) {
      threads.push(thread);
      thread = this.queues.nextCandidate(cpu, thread);
    }
    return threads;
  }
}
