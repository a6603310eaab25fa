import { Mutex, fork } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread, ThreadBody } from '@rseqlab/sim-machine';
import type { SharedRcuDomain } from '@rseqlab/urcu';
import type { EventDefinition, EventFields } from '../events/event-definition.js';
import type { RingBuffers } from '../ring/ring-buffers.js';
import { TracerError } from '../tracer-error.js';
import type { Channel } from './channel.js';
import type { SessionMemory } from './session-memory.js';
import { Tracepoint } from './tracepoint.js';

/** How a process counts as one of those that a session waits for. */
export interface Membership {
  /** Has the process counted; nothing when it is already. */
  join(t: Thread): Operation<void>;
  /** Takes that back, before the last thread of the process ends. */
  leave(t: Thread): Operation<void>;
}

/** A process that a session is private to need not be counted. */
export const PRIVATE_MEMBERSHIP: Membership = {
  *join(_t) {
    // As said.
  },
  *leave(_t) {
    // As said.
  },
};

/** A process of a session that traces several: known to the grace periods of the session. */
export class SharedMembership implements Membership {
  readonly #rcu: SharedRcuDomain;
  readonly #mutex: Mutex;
  readonly #joined: number;

  constructor(process: Process, rcu: SharedRcuDomain) {
    this.#rcu = rcu;
    this.#mutex = Mutex.create(process);
    this.#joined = process.allocate(4);
  }

  *join(t: Thread): Operation<void> {
    yield* this.#mutex.lock(t);
    if ((yield* t.load(this.#joined)) === 0) {
      yield* this.#rcu.join(t);
      yield* t.store(this.#joined, 1);
    }
    yield* this.#mutex.unlock(t);
  }

  *leave(t: Thread): Operation<void> {
    yield* this.#mutex.lock(t);
    if ((yield* t.load(this.#joined)) === 1) {
      yield* this.#rcu.leave(t);
      yield* t.store(this.#joined, 0);
    }
    yield* this.#mutex.unlock(t);
  }
}

/** What a member is made of. */
export interface SessionMemberParts {
  readonly process: Process;
  readonly memory: SessionMemory;
  readonly rcu: SharedRcuDomain;
  readonly membership: Membership;
  readonly tracepoints: readonly Tracepoint<EventFields>[];
}

/**
 * A process that a session of another process traces.
 *
 * Its threads emit once one of them has called {@link join}; the last one to end calls {@link leave}. A
 * process that dies at whatever point leaves rings that others use on, and holds nobody up.
 */
export class SessionMember {
  readonly process: Process;
  readonly #parts: SessionMemberParts;
  readonly #buffers = new Map<Channel, RingBuffers>();

  /** Made by `Session.attach`. @internal */
  constructor(parts: SessionMemberParts) {
    this.process = parts.process;
    this.#parts = parts;
  }

  /**
   * The process's own tracepoint for an event of the session.
   *
   * @throws TracerError `ERR_EVENT` for an event that the session has no tracepoint of
   */
  tracepoint<Fields extends EventFields>(event: EventDefinition<Fields>): Tracepoint<Fields> {
    const { process, memory, rcu, tracepoints } = this.#parts;
    const known = tracepoints.find((each) => (each.event as unknown) === event);
    if (known === undefined)
      throw new TracerError(
        'ERR_EVENT',
        `expected an event that the session has a tracepoint of, got ${event.name}`,
      );
    const address = memory.addressIn(process, known.address);
    const buffersOf = (channel: Channel): RingBuffers => this.#buffersOf(channel);
    return new Tracepoint(event, address, rcu, buffersOf, known.probes);
  }

  /** Maps the rings of all channels, so that none has to be mapped while threads run. @internal */
  attachTo(channels: readonly Channel[]): void {
    for (const channel of channels) this.#buffersOf(channel);
  }

  /** Has the process known to the session; nothing when it is already. */
  join(t: Thread): Operation<void> {
    return this.#parts.membership.join(t);
  }

  /** Takes {@link join} back. */
  leave(t: Thread): Operation<void> {
    return this.#parts.membership.leave(t);
  }

  /**
   * As `fork`, of a process that has joined: the child has joined as well, records in the rings of its parent under its
   * own pid, and leaves for itself.
   *
   * @returns the child's pid, or a negative errno
   * @source lttng-ust, liblttng-ust-fork
   */
  *fork(t: Thread, body: ThreadBody): Operation<number> {
    const { rcu } = this.#parts;
    yield* rcu.beforeFork(t);
    const child = function* (own: Thread): Operation<void> {
      yield* rcu.afterForkChild(own);
      yield* body(own);
    };
    Object.defineProperty(child, 'name', { value: body.name });
    const pid = yield* fork(t, child);
    yield* rcu.afterForkParent(t, pid);
    return pid;
  }

  #buffersOf(channel: Channel): RingBuffers {
    let buffers = this.#buffers.get(channel);
    if (buffers === undefined)
      this.#buffers.set(channel, (buffers = channel.rings.attach(this.process)));
    return buffers;
  }
}
