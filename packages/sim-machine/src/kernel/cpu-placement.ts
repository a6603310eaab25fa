import type { Referee } from '../director/referee.js';
import type { CpuAvailability } from './cpu-availability.js';
import type { Placement } from './placement.js';
import type { Placement as PolicyPlacement } from './sched/placement.js';
import type { RunQueues } from './sched/run-queues.js';
import type { ThreadTable } from './thread-table.js';

/** Parts that placement works on. */
export interface CpuPlacementPorts {
  readonly threads: ThreadTable;
  readonly queues: RunQueues;
  readonly referee: Referee;
  readonly available: CpuAvailability;
  /** Linux's rules, for machines that schedule by a policy. */
  readonly policy: PolicyPlacement;
}

/**
 * Says on which CPU a thread becomes runnable: by Linux's rules under a policy.
 *
 * Under a free director the rules are as plain as they can be, since it may migrate the thread to
 * any CPU right afterwards: a new thread goes to the CPU with the fewest threads, the lowest of
 * these; one that wakes stays where it was, if it can.
 *
 * Where no online CPU is allowed the affinity mask is widened, as Linux does.
 */
export class CpuPlacement implements Placement {
  readonly #ports: CpuPlacementPorts;
  readonly #firstCpu: number;

  /** @param firstCpu the lowest possible CPU: where the machine boots */
  constructor(ports: CpuPlacementPorts, firstCpu: number) {
    this.#ports = ports;
    this.#firstCpu = firstCpu;
  }

  forNew(thread: number, parent: number): number {
    const { threads, queues, referee, available, policy } = this.#ports;
    const near = parent < 0 ? this.#firstCpu : threads.cpu[parent]!;
    const placed =
      referee.scheduling === 'policy'
        ? policy.onFork(thread, near)
        : queues.loads.lowest(-1, this.#isUsable, thread);
    return placed >= 0 ? placed : available.fallback(thread, near);
  }

  forWakeup(thread: number, waker: number): number {
    const { threads, referee, available, policy } = this.#ports;
    const previous = threads.cpu[thread]!;
    if (referee.scheduling === 'policy') {
      const placed = policy.onWakeup(thread, previous, waker < 0 ? -1 : threads.cpu[waker]!);
      return placed >= 0 ? placed : available.fallback(thread, previous);
    }
    if (available.isUsable(thread, previous)) return previous;
    const first = available.firstUsable(thread, -1);
    return first >= 0 ? first : available.fallback(thread, previous);
  }

  readonly #isUsable = (cpu: number, thread: number): boolean =>
    this.#ports.available.isUsable(thread, cpu);
}
