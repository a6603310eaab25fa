import { invariant } from '../../base/invariant.js';
import type { StateArena } from '../../base/state-arena.js';
import type { CpuRanking } from './cpu-ranking.js';
import { FairClass } from './fair-class.js';
import { baseSliceNs, REAL_TIME_LOAD } from './fair-weight.js';
import { RealTimeClass } from './real-time-class.js';
import { RunList } from './run-list.js';
import { ScannedRanking } from './scanned-ranking.js';
import { SchedulingParameters } from './scheduling-parameters.js';
import { SchedulingPolicy } from './scheduling-policy.js';
import { TournamentRanking } from './tournament-ranking.js';

/** Why a thread is put on a run queue. */
export const EnqueueReason = { Wakeup: 0, New: 1, Migrate: 2 } as const;

/** Why a thread is taken off a run queue; `Sleep` also stands for exit and stop. */
export const DequeueReason = { Sleep: 0, Migrate: 1 } as const;

/** The period of the timer tick when none is configured, in ns. @source CONFIG_HZ=250 */
const DEFAULT_TICK_NS = 4_000_000;

/** What a machine's run queues are built from. */
export interface RunQueuesOptions {
  readonly arena: StateArena;
  /** Size of the thread table. */
  readonly maxThreads: number;
  /** Possible CPU ids, ascending. */
  readonly cpus: readonly number[];
  /** The NUMA node of a possible CPU. */
  readonly nodeOf: (cpu: number) => number;
  /**
   * Whether time-shared threads are ordered by virtual deadline. A searching director tries them
   * all and does without: then only lists are kept, all of them in the arena.
   */
  readonly ordered: boolean;
  /** The slice of time-shared threads, in ns; by default what Linux takes for that many CPUs. */
  readonly sliceNs?: number;
  /** The tick period, in ns; 4,000,000 by default. */
  readonly tickNs?: number;
}

/**
 * The run queues of all CPUs.
 *
 * A thread is queued as long as it is runnable, *also while it runs*: a switch is `setNext` for
 * the thread that comes, and nothing for one that is preempted. The caller charges the running
 * thread (`tick`) before it asks, dequeues or changes anything that depends on how long it ran.
 *
 * Concurrency: none; one machine, one caller.
 *
 * @source kernel/sched/core.c, struct sched_class
 */
export class RunQueues {
  /** Policy, priority and nice of the threads; to be read here and changed by `setPolicy`. */
  readonly parameters: SchedulingParameters;
  /** CPUs by the weight of what is queued (unordered: by how many are queued). */
  readonly loads: CpuRanking;
  /** CPUs by what runs there: -1 idle, 0 time shared, else the highest real-time priority. */
  readonly levels: CpuRanking;
  /** The real-time queues, for those who balance them. */
  readonly realTime: RealTimeClass;
  readonly #fair: FairClass | undefined;
  readonly #list: RunList;
  readonly #cpus: readonly number[];

  constructor(options: RunQueuesOptions) {
    const { arena, maxThreads, cpus } = options;
    const cpuLimit = (cpus.at(-1) ?? -1) + 1;
    this.#cpus = cpus;
    this.parameters = new SchedulingParameters(arena, maxThreads);
    this.#list = new RunList(arena, maxThreads, cpuLimit);
    this.realTime = new RealTimeClass(arena, maxThreads, cpuLimit);
    if (options.ordered) {
      const sliceNs = options.sliceNs ?? baseSliceNs(cpus.length);
      const tickNs = options.tickNs ?? DEFAULT_TICK_NS;
      this.#fair = new FairClass({ arena, maxThreads, cpuLimit, sliceNs, tickNs });
      this.loads = new TournamentRanking(options);
      this.levels = new TournamentRanking(options);
    } else {
      this.#fair = undefined;
      this.loads = new ScannedRanking(options, (cpu) => this.#list.count(cpu));
      this.levels = new ScannedRanking(options, (cpu) => this.#level(cpu));
    }
    this.reset();
  }

  /** The time-shared class of an ordered machine. */
  get fair(): FairClass | undefined {
    return this.#fair;
  }

  /** Forgets every thread; called together with `StateArena.reset`. All CPUs are online again. */
  reset(): void {
    this.#fair?.reset();
    this.loads.reset();
    this.levels.reset();
    for (const cpu of this.#cpus) this.levels.update(cpu, -1);
  }

  /** A hint for searches: an offline CPU need not be looked at. */
  setOnline(cpu: number, online: boolean): void {
    this.loads.setOnline(cpu, online);
    this.levels.setOnline(cpu, online);
  }

  /** Begins a thread's life: once, before it is first enqueued. */
  attach(thread: number, policy: number, priority: number, nice: number): void {
    this.parameters.set(thread, policy, priority, nice);
    this.realTime.refill(thread);
    this.#fair?.attach(thread, this.parameters.weight(thread));
  }

  /** Makes a thread that is on no queue runnable on this CPU. @param reason `EnqueueReason` */
  enqueue(cpu: number, thread: number, reason: number): void {
    invariant(this.#list.cpuOf(thread) < 0, 'a thread was enqueued twice');
    this.#list.add(cpu, thread);
    if (this.parameters.isRealTime(thread))
      this.realTime.enqueue(cpu, thread, this.parameters.priority(thread), false);
    else this.#fair?.enqueue(cpu, thread, reason === EnqueueReason.New);
    if (this.#fair !== undefined) this.#rank(cpu);
  }

  /** Takes a thread off the queue of this CPU. @param reason `DequeueReason` */
  dequeue(cpu: number, thread: number, reason: number): void {
    invariant(this.#list.cpuOf(thread) === cpu, 'a thread was dequeued from a queue it is not on');
    this.#list.remove(cpu, thread);
    if (this.parameters.isRealTime(thread))
      this.realTime.dequeue(cpu, thread, this.parameters.priority(thread));
    else this.#fair?.dequeue(cpu, thread, reason === DequeueReason.Sleep);
    if (this.#fair !== undefined) this.#rank(cpu);
  }

  /**
   * The thread that should run on the CPU, or -1 to idle. Changes nothing.
   *
   * @param current the thread running there, or -1; it is kept while its protection lasts
   */
  pickNext(cpu: number, current: number): number {
    const head = this.realTime.head(cpu);
    if (head >= 0) return head;
    if (this.#fair === undefined) return this.#list.first(cpu);
    const running = current >= 0 && this.#list.cpuOf(current) === cpu ? current : -1;
    return this.#fair.pick(cpu, running);
  }

  /** Notes that a queued thread begins to run. */
  setNext(thread: number): void {
    this.#fair?.protect(thread);
  }

  /**
   * Charges the running thread.
   *
   * @param ranNs integer ns since it was last charged
   * @returns whether the CPU should reschedule; always false for a time-shared thread of an
   * unordered machine, where the director decides
   */
  tick(cpu: number, thread: number, ranNs: number): boolean {
    const policy = this.parameters.policy(thread);
    if (policy === SchedulingPolicy.RoundRobin) {
      const priority = this.parameters.priority(thread);
      return this.realTime.chargeRoundRobin(cpu, thread, priority, ranNs);
    }
    if (policy === SchedulingPolicy.Fifo) return false;
    return this.#fair?.charge(cpu, thread, ranNs) ?? false;
  }

  /** Ends a round-robin quantum by decision; returns whether the CPU should reschedule. */
  endQuantum(cpu: number, thread: number): boolean {
    if (this.parameters.policy(thread) !== SchedulingPolicy.RoundRobin) return false;
    return this.realTime.endQuantum(cpu, thread, this.parameters.priority(thread));
  }

  /**
   * Whether a thread that was just queued should preempt the one running there.
   *
   * @param current the running thread, or -1 when the CPU idles
   * @source wakeup_preempt(), wakeup_preempt_rt(), check_preempt_wakeup_fair()
   */
  checkPreempt(cpu: number, current: number, waking: number): boolean {
    if (current < 0) return true;
    const priority = this.parameters.priority(waking);
    const currentPriority = this.parameters.priority(current);
    if (priority !== currentPriority) return priority > currentPriority;
    if (priority > 0 || this.#fair === undefined) return false;
    const isCurrentIdle = this.parameters.policy(current) === SchedulingPolicy.Idle;
    const policy = this.parameters.policy(waking);
    if (isCurrentIdle !== (policy === SchedulingPolicy.Idle)) return isCurrentIdle;
    if (policy !== SchedulingPolicy.Normal) return false;
    return this.#fair.pick(cpu, current) === waking;
  }

  /** `sched_yield` by the running thread; the caller reschedules. */
  yield(cpu: number, thread: number): void {
    this.#list.rotate(cpu, thread);
    if (this.parameters.isRealTime(thread))
      this.realTime.moveToTail(cpu, thread, this.parameters.priority(thread));
    else this.#fair?.yield(cpu, thread);
  }

  /**
   * Changes policy, priority and nice, queued or not; the caller reschedules the thread's CPU.
   *
   * A real-time thread whose priority is raised goes to the tail of its new list, lowered to the
   * head, unchanged stays where it is.
   *
   * @param policy a policy that `isValidPolicy` accepted together with `priority`
   * @param nice -20 to 19
   * @source sched(7), "SCHED_FIFO"; __sched_setscheduler()
   */
  setPolicy(thread: number, policy: number, priority: number, nice: number): void {
    const cpu = this.#list.cpuOf(thread);
    const old = this.parameters.priority(thread);
    if (cpu >= 0 && old !== priority) {
      if (old > 0) this.realTime.dequeue(cpu, thread, old);
      else this.#fair?.dequeue(cpu, thread, false);
    }
    this.parameters.set(thread, policy, priority, nice);
    const staysFair = cpu >= 0 && old === 0 && priority === 0;
    this.#fair?.reweigh(staysFair ? cpu : -1, thread, this.parameters.weight(thread));
    if (cpu < 0) return;
    if (old !== priority) {
      if (priority > 0) this.realTime.enqueue(cpu, thread, priority, priority < old);
      else this.#fair?.enqueue(cpu, thread, false);
    }
    if (this.#fair !== undefined) this.#rank(cpu);
  }

  /** `setpriority`: changes nice only. */
  setNice(thread: number, nice: number): void {
    const { parameters } = this;
    this.setPolicy(thread, parameters.policy(thread), parameters.priority(thread), nice);
  }

  /** Number of runnable threads of the CPU, the running one included. */
  count(cpu: number): number {
    return this.#list.count(cpu);
  }

  /** Number of CPUs with more than one runnable thread: without any there is nothing to balance. */
  get crowdedCpus(): number {
    return this.#list.crowdedCpus;
  }

  /** The CPU on whose queue the thread is, or -1. */
  cpuOf(thread: number): number {
    return this.#list.cpuOf(thread);
  }

  /** Some runnable thread of the CPU, or -1; with `next` enumerates all in O(count). */
  first(cpu: number): number {
    return this.#list.first(cpu);
  }

  /** The next of the enumeration that `first` began, or -1. */
  next(thread: number): number {
    return this.#list.next(thread);
  }

  /**
   * The first of the threads that may legally run next on the CPU, or -1: with real-time threads
   * queued the one that must, else every time-shared thread. The running one is among them.
   */
  firstCandidate(cpu: number): number {
    const head = this.realTime.head(cpu);
    return head >= 0 ? head : this.#list.first(cpu);
  }

  /** The next of the enumeration that `firstCandidate` began, or -1. */
  nextCandidate(cpu: number, thread: number): number {
    return this.realTime.count(cpu) > 0 ? -1 : this.#list.next(thread);
  }

  /** Whether the thread is one of the candidates of the CPU; O(1). */
  mayRunNext(cpu: number, thread: number): boolean {
    const head = this.realTime.head(cpu);
    return head >= 0 ? head === thread : this.#list.cpuOf(thread) === cpu;
  }

  /** What a queued thread adds to the load of its CPU. */
  loadOf(thread: number): number {
    if (this.#fair === undefined) return 1;
    return this.parameters.isRealTime(thread) ? REAL_TIME_LOAD : this.parameters.weight(thread);
  }

  #level(cpu: number): number {
    return this.#list.count(cpu) === 0 ? -1 : this.realTime.highestPriority(cpu);
  }

  #rank(cpu: number): void {
    const weight = this.#fair?.totalWeight(cpu) ?? 0;
    this.loads.update(cpu, weight + this.realTime.count(cpu) * REAL_TIME_LOAD);
    this.levels.update(cpu, this.#level(cpu));
  }
}
