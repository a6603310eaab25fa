import { MembarrierCommand, getpid, membarrier } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../domain/rcu-token.js';
import { ForkMask } from '../fork-handlers.js';
import type { ForkHandlers } from '../fork-handlers.js';
import { UrcuError } from '../urcu-error.js';
import type { ProcessAnchor } from './process-anchor.js';
import type { ProcessSlots } from './process-slots.js';
import { agreeOnHeader } from './region-header.js';
import type { RegionTerms } from './region-header.js';
import { countersOffset } from './region-layout.js';
import type { SharedUpdaters } from './shared-updaters.js';

/** What the membership of a process is made of. */
export interface MembershipParts {
  /** Address of the region. */
  readonly region: number;
  readonly terms: RegionTerms;
  readonly anchor: ProcessAnchor;
  readonly slots: ProcessSlots;
  readonly updaters: SharedUpdaters;
  /** Whether global membarriers are to reach the process. */
  readonly isReached: boolean;
}

/** How a process, and the children that it forks, come into a region and leave it. */
export class ProcessMembership implements ForkHandlers {
  readonly #parts: MembershipParts;
  readonly #forkMask: ForkMask;

  constructor(process: Process, parts: MembershipParts) {
    this.#parts = parts;
    this.#forkMask = new ForkMask(process);
  }

  /** Refuses a process that has not joined. @throws UrcuError `ERR_REGISTRATION` */
  *expectJoined(t: Thread, what: string): Operation<void> {
    if ((yield* this.#parts.anchor.counters(t)) === 0) notJoined(t, what);
  }

  /**
   * Has the calling thread's process counted from now on.
   *
   * @throws UrcuError `ERR_REGION` for memory that is no region of these terms; `ERR_CAPACITY` when as many processes as fit are
   *   there and alive; `ERR_REGISTRATION` when the process has joined; `ERR_MEMBARRIER` without one
   */
  *join(t: Thread): Operation<void> {
    const { region, terms, slots, isReached } = this.#parts;
    yield* agreeOnHeader(t, region, terms);
    const pid = yield* getpid(t);
    if (yield* slots.has(t, pid))
      throw new UrcuError(
        'ERR_REGISTRATION',
        `expected process ${pid} to join once, got another time (before an exec, maybe)`,
      );
    if (isReached) yield* expectMembarrier(t);
    yield* this.#joinAs(t, pid);
  }

  /**
   * Takes {@link join} back.
   *
   * @throws UrcuError `ERR_READER` while a section is open; `ERR_REGISTRATION` without a join
   */
  *leave(t: Thread): Operation<void> {
    const { anchor, slots } = this.#parts;
    yield* this.expectJoined(t, 'leave');
    const slot = yield* anchor.slot(t);
    const [first, second] = yield* slots.open(t, slot);
    if (first !== 0 || second !== 0)
      throw new UrcuError(
        'ERR_READER',
        `expected a process without open read sections to leave, got ${first} in period 0 and ` +
          `${second} in period 1`,
      );
    yield* anchor.leave(t);
    yield* slots.release(t, slot);
  }

  /**
   * Looks for dead processes right now, which grace periods do when they have slept for a while.
   *
   * @returns whether there were any
   * @throws UrcuError `ERR_REGISTRATION` before `join`
   */
  *recover(t: Thread): Operation<boolean> {
    const { anchor } = this.#parts;
    yield* this.expectJoined(t, 'look for dead processes');
    return yield* this.#recoverAs(t, yield* anchor.pid(t));
  }

  /**
   * See {@link ForkHandlers.beforeFork}: a slot is kept for the child, in which its sections are counted
   * before the parent can leave them.
   *
   * @throws UrcuError `ERR_CAPACITY` when there is no slot
   */
  *beforeFork(t: Thread, sections: readonly RcuToken[] = []): Operation<void> {
    const { anchor, slots, terms } = this.#parts;
    yield* this.#forkMask.block(t);
    const slot = yield* slots.claim(t, -(yield* anchor.pid(t)));
    if (slot < 0) {
      yield* this.#forkMask.restore(t);
      throw full(terms.slots);
    }
    yield* anchor.keepForChild(t, slot);
    yield* slots.count(t, slot, sections);
  }

  /** See {@link ForkHandlers.afterForkParent}. */
  *afterForkParent(t: Thread, child: number): Operation<void> {
    const { anchor, slots } = this.#parts;
    const slot = yield* anchor.keptForChild(t);
    if (child > 0) yield* slots.adopt(t, slot, yield* anchor.pid(t), child);
    else {
      yield* slots.unlockAll(t, slot);
      yield* slots.release(t, slot);
    }
    yield* this.#forkMask.restore(t);
  }

  /**
   * See {@link ForkHandlers.afterForkChild}: the child has joined.
   *
   * @throws UrcuError `ERR_ORPHAN` when the parent died and survivors, who could not know of the child,
   *   gave up its sections
   */
  *afterForkChild(t: Thread, sections: readonly RcuToken[] = []): Operation<void> {
    const { anchor, slots } = this.#parts;
    const slot = yield* anchor.keptForChild(t);
    const parent = yield* anchor.pid(t);
    const pid = yield* getpid(t);
    if (yield* slots.adopt(t, slot, parent, pid))
      yield* anchor.join(t, pid, slot, this.#countersOf(slot));
    else {
      yield* anchor.leave(t);
      if (sections.length === 0) yield* this.#joinAs(t, pid);
    }
    yield* this.#forkMask.restore(t);
    if (sections.length > 0 && (yield* anchor.counters(t)) === 0)
      throw new UrcuError(
        'ERR_ORPHAN',
        `expected process ${pid} to go on with ${sections.length} read section(s) of its parent, got ` +
          `none: process ${parent} died, and they were given up`,
      );
  }

  *#recoverAs(t: Thread, pid: number): Operation<boolean> {
    const { slots, updaters } = this.#parts;
    yield* updaters.lockAs(t, pid);
    const isAny = yield* slots.recover(t, pid);
    yield* updaters.unlock(t);
    return isAny;
  }

  *#joinAs(t: Thread, pid: number): Operation<void> {
    const { anchor, slots, terms } = this.#parts;
    let slot = yield* slots.claim(t, pid);
    if (slot < 0 && (yield* this.#recoverAs(t, pid))) slot = yield* slots.claim(t, pid);
    if (slot < 0) throw full(terms.slots);
    yield* anchor.join(t, pid, slot, this.#countersOf(slot));
  }

  #countersOf(slot: number): number {
    const { region, terms } = this.#parts;
    return region + countersOffset(terms, slot);
  }
}

/** Has global membarriers reach the calling process. */
function* expectMembarrier(t: Thread): Operation<void> {
  const result = yield* membarrier(t, MembarrierCommand.RegisterGlobalExpedited);
  if (result !== 0)
    throw new UrcuError(
      'ERR_MEMBARRIER',
      `expected a kernel with membarrier (global expedited) or barriers "fence", got ${result}`,
    );
}

/** Refuses what a process does without having joined. @throws UrcuError `ERR_REGISTRATION` */
export function notJoined(t: Thread, what: string): never {
  throw new UrcuError(
    'ERR_REGISTRATION',
    `expected process ${t.process.pid} to join before thread ${t.id} ${t.name} can ${what}, got no join`,
  );
}

function full(slots: number): UrcuError {
  return new UrcuError(
    'ERR_CAPACITY',
    `expected at most ${slots} processes at once, got one more and none that is dead`,
  );
}
