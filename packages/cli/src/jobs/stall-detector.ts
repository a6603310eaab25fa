import type { Heartbeat } from './heartbeat.js';

/** A point in time, by two clocks. */
export interface Moment {
  /** Milliseconds of real time. */
  readonly realMs: number;
  /** Milliseconds for which this process had a processor, all its threads together. */
  readonly busyMs: number;
}

/** What part of its time a process has to have had a processor before a stall means something. */
const BUSY_SHARE = 1 / 2;

/** How many times the limit passes before a stall means something in a process that sleeps. */
const ASLEEP = 6;

/** Now, by the clocks of this process. */
function moment(): Moment {
  const { user, system } = process.cpuUsage();
  return { realMs: performance.now(), busyMs: (user + system) / 1000 };
}

/**
 * How long a job has shown no sign of life.
 *
 * On a host that is busy with other things a healthy job may not run for many seconds. So only a stall
 * counts in which the process had a processor, or one that lasts far too long.
 */
export class StallDetector {
  readonly #heartbeat: Heartbeat;
  #beats = 0;
  #since: Moment = { realMs: 0, busyMs: 0 };

  constructor(heartbeat: Heartbeat, now: Moment = moment()) {
    this.#heartbeat = heartbeat;
    this.begin(now);
  }

  /** The job has just been given something to do. */
  begin(now: Moment = moment()): void {
    this.#beats = this.#heartbeat.beats;
    this.#since = now;
  }

  /** Looks for a sign of life; whether there was none for `limitMs` milliseconds in which the job could have run. */
  lasts(limitMs: number, now: Moment = moment()): boolean {
    if (this.#heartbeat.beats !== this.#beats) this.begin(now);
    const realMs = now.realMs - this.#since.realMs;
    const busyMs = now.busyMs - this.#since.busyMs;
    return realMs >= limitMs && (busyMs >= limitMs * BUSY_SHARE || realMs >= limitMs * ASLEEP);
  }
}
