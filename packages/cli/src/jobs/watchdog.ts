import type { CommandError } from '../command-error.js';
import type { Heartbeat } from './heartbeat.js';
import { StallDetector } from './stall-detector.js';

/** How often a job is looked at, in milliseconds. */
const LOOK_MS = 100;

/** Somebody who looks at a job from time to time. */
export interface Watchdog {
  /** Rejected once the job has been still for too long. */
  readonly stuck: Promise<never>;
  /** Stops looking. */
  end(): void;
}

/** Looks at a job until it is still for `watchdogMs` milliseconds, of which `describe` then makes an error. */
export function startWatchdog(
  heartbeat: Heartbeat,
  watchdogMs: number,
  describe: () => CommandError,
): Watchdog {
  const stall = new StallDetector(heartbeat);
  const { promise, reject } = withReject();
  const timer = setInterval(() => {
    if (!stall.lasts(watchdogMs)) return;
    clearInterval(timer);
    reject(describe());
  }, LOOK_MS);
  return { stuck: promise, end: () => clearInterval(timer) };
}

function withReject(): { promise: Promise<never>; reject: (error: CommandError) => void } {
  let reject!: (error: CommandError) => void;
  const promise = new Promise<never>((_resolve, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
