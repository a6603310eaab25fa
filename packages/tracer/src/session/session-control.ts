import { Mutex } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { metadataText } from '@rseqlab/trace-format';
import { ConsumerControl, SessionState } from '../consumer/consumer-control.js';
import { streamName } from '../consumer/trace-sink.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import { clearRings } from '../ring/clear-ring.js';
import { TracerError } from '../tracer-error.js';
import type { TracerErrorCode } from '../tracer-error.js';
import type { SessionParts } from './session-parts.js';
import { snapshotRings } from './snapshot-rings.js';
import type { Probe } from './probe.js';

/**
 * What a session does when it is told to: one order at a time, under a lock.
 *
 * | order      | inactive | active | destroyed       |
 * |------------|----------|--------|-----------------|
 * | start      | yes      | `ERR_ACTIVE` | `ERR_DESTROYED` |
 * | stop       | `ERR_INACTIVE` | yes | `ERR_DESTROYED` |
 * | all others | yes      | yes    | `ERR_DESTROYED` |
 */
export class SessionControl {
  readonly words: ConsumerControl;
  readonly #session: SessionParts;
  readonly #mutex: Mutex;

  constructor(session: SessionParts, isActive: boolean) {
    this.#session = session;
    this.#mutex = Mutex.create(session.process);
    const state = isActive ? SessionState.active : SessionState.inactive;
    this.words = new ConsumerControl(session.process, state);
  }

  /** See `Session.start`. */
  *start(t: Thread): Operation<number> {
    const state = yield* this.#lock(t, 'start');
    if (state === SessionState.active)
      return yield* this.#refuse(t, 'ERR_ACTIVE', 'an inactive session to start', 'an active one');
    const consumers = this.#session.consumers;
    yield* this.words.join(t);
    if (consumers !== undefined) yield* consumers.join(t);
    yield* this.words.enter(t, SessionState.active);
    const result = consumers === undefined ? 0 : yield* consumers.start(t);
    if (result === 0)
      for (const tracepoint of this.#session.tracepoints) yield* tracepoint.activate(t);
    else yield* this.words.enter(t, SessionState.inactive);
    yield* this.#mutex.unlock(t);
    return result;
  }

  /** See `Session.stop`. */
  *stop(t: Thread): Operation<void> {
    const state = yield* this.#lock(t, 'stop');
    if (state !== SessionState.active)
      yield* this.#refuse(t, 'ERR_INACTIVE', 'an active session to stop', 'an inactive one');
    yield* this.#deactivate(t);
    yield* this.#mutex.unlock(t);
  }

  /** See `Session.rotate`. */
  *rotate(t: Thread, sink: TraceSink): Operation<void> {
    const consumers = this.#session.consumers;
    consumers?.expectFit(sink);
    const state = yield* this.#lock(t, 'rotate');
    if (consumers === undefined)
      yield* this.#refuse(t, 'ERR_OUTPUT', 'a session with consumers to rotate', 'one without');
    yield* consumers!.rotate(t, sink, state === SessionState.active);
    yield* this.#mutex.unlock(t);
  }

  /** See `Session.clear`. */
  *clear(t: Thread): Operation<void> {
    const consumers = this.#session.consumers;
    const state = yield* this.#lock(t, 'clear');
    if (consumers?.canDiscard === false)
      yield* this.#refuse(t, 'ERR_OUTPUT', 'a sink with discard() to clear', 'one without');
    if (consumers !== undefined) yield* consumers.clear(t, state === SessionState.active);
    for (const channel of this.#session.channels)
      if (channel.overwrites || consumers === undefined)
        for (const { buffers } of channel.rings.sets)
          yield* clearRings(t, buffers, (subbuf) => channel.countCleared(buffers.process, subbuf));
    yield* this.#mutex.unlock(t);
  }

  /** See `Session.snapshot`. */
  *snapshot(t: Thread, sink: TraceSink): Operation<void> {
    yield* this.#lock(t, 'take a snapshot of');
    const { channels, machine, clock } = this.#session;
    const trace = this.#session.trace();
    sink.metadata(metadataText(trace));
    for (const channel of channels) {
      if (!channel.overwrites) continue;
      const maker = channel.packetMaker(trace);
      for (const { buffers, prefix, instance } of channel.rings.sets)
        yield* snapshotRings(t, machine, buffers, clock, (content) => {
          const stream = streamName(`${prefix}${channel.name}`, content.cpu);
          sink.packet(stream, maker.make(content, instance));
        });
    }
    yield* this.#mutex.unlock(t);
  }

  /** See `Session.destroy`. */
  *destroy(t: Thread): Operation<void> {
    const state = yield* this.#lock(t, 'destroy');
    if (state === SessionState.active) yield* this.#deactivate(t);
    yield* this.words.join(t);
    yield* this.words.enter(t, SessionState.destroyed);
    yield* this.#mutex.unlock(t);
  }

  /** See `Session.enableProbe`. */
  *enableProbe(t: Thread, probe: Probe): Operation<void> {
    const state = yield* this.#lock(t, 'enable an event of');
    yield* probe.tracepoint.want(t, probe, state === SessionState.active);
    yield* this.#mutex.unlock(t);
  }

  /** See `Session.disableProbe`. */
  *disableProbe(t: Thread, probe: Probe): Operation<void> {
    yield* this.#lock(t, 'disable an event of');
    yield* probe.tracepoint.unwant(t, probe);
    yield* this.#session.processes.rcu.synchronize(t);
    yield* this.#mutex.unlock(t);
  }

  *#deactivate(t: Thread): Operation<void> {
    for (const tracepoint of this.#session.tracepoints) yield* tracepoint.deactivate(t);
    yield* this.#session.processes.rcu.synchronize(t);
    yield* this.words.enter(t, SessionState.inactive);
  }

  /** Takes the lock. @returns the state @throws TracerError `ERR_DESTROYED` */
  *#lock(t: Thread, order: string): Operation<number> {
    yield* this.#mutex.lock(t);
    yield* this.#session.processes.membership.join(t);
    const state = yield* this.words.loadState(t);
    if (state === SessionState.destroyed)
      yield* this.#refuse(t, 'ERR_DESTROYED', `a session to ${order}`, 'one that is destroyed');
    return state;
  }

  /** Gives the lock back and says what was wrong. */
  *#refuse(t: Thread, code: TracerErrorCode, expected: string, got: string): Operation<never> {
    yield* this.#mutex.unlock(t);
    throw new TracerError(code, `expected ${expected}, got ${got}: ${this.#session.name}`);
  }
}
