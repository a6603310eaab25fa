import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { TraceSink } from '../consumer/trace-sink.js';
import type { SessionControl } from './session-control.js';
import type { Probe } from './probe.js';

/**
 * What a session is told to do while threads run.
 *
 * Orders come from any thread of the session's process, outside of signal handlers; one waits for the other.
 */
export abstract class SessionOrders {
  readonly #executor: SessionControl;

  /** @internal */
  protected constructor(control: SessionControl) {
    this.#executor = control;
  }

  /**
   * Starts recording, again or for the first time.
   *
   * @returns 0, or a negative errno when the machine has no room for the consumers' threads: nothing is recorded
   * @throws TracerError `ERR_ACTIVE` when it records; `ERR_DESTROYED`
   */
  start(t: Thread): Operation<number> {
    return this.#executor.start(t);
  }

  /**
   * Stops recording: no event is recorded that is emitted after this returns, and the consumers end
   * once they have everything that was recorded before.
   *
   * @throws TracerError `ERR_INACTIVE` when it does not record; `ERR_DESTROYED`
   */
  stop(t: Thread): Operation<void> {
    return this.#executor.stop(t);
  }

  /**
   * Begins another chunk of the trace: everything that was recorded before is in the sink so far when this
   * returns, which is a whole trace and gets nothing more; what comes later goes to another sink.
   *
   * @throws TracerError `ERR_OUTPUT` without consumers, and as `Session.spawnConsumers`; `ERR_DESTROYED`
   */
  rotate(t: Thread, sink: TraceSink): Operation<void> {
    return this.#executor.rotate(t, sink);
  }

  /**
   * Drops everything that was recorded before: in the rings, and in the sink since the last rotation. Numbers of packets
   * and losses count on.
   *
   * @throws TracerError `ERR_OUTPUT` for a sink without `discard`; `ERR_DESTROYED`
   */
  clear(t: Thread): Operation<void> {
    return this.#executor.clear(t);
  }

  /**
   * Writes what the channels that overwrite hold as a trace of its own: a flight recorder. Recording goes on
   * meanwhile, and nothing is consumed.
   *
   * @throws TracerError `ERR_DESTROYED`
   */
  snapshot(t: Thread, sink: TraceSink): Operation<void> {
    return this.#executor.snapshot(t, sink);
  }

  /**
   * Stops if it has to, and returns when the consumers have ended; the session is of no use then.
   *
   * @throws TracerError `ERR_DESTROYED` for a second time
   */
  destroy(t: Thread): Operation<void> {
    return this.#executor.destroy(t);
  }

  /** Has a probe record from now on, while others emit. @throws TracerError `ERR_DESTROYED` */
  enableProbe(t: Thread, probe: Probe): Operation<void> {
    return this.#executor.enableProbe(t, probe);
  }

  /**
   * Has a probe record no more: when this returns, whoever was about to has done so.
   *
   * @throws TracerError `ERR_DESTROYED`
   */
  disableProbe(t: Thread, probe: Probe): Operation<void> {
    return this.#executor.disableProbe(t, probe);
  }
}
