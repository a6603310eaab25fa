import type { CommandError } from '../command-error.js';
import { Heartbeat } from '../jobs/heartbeat.js';

/** One of those who work at the same time: its signs of life, and what it is doing. */
export class Lane {
  readonly heartbeat: Heartbeat = new Heartbeat();
  #beats = 0;
  #changedAtMs = 0;
  #refuse: ((error: CommandError) => void) | undefined;

  /** Waits for an answer, or for {@link look} to give up on it. */
  async watch<Answer>(answer: Promise<Answer>, nowMs: number): Promise<Answer> {
    this.#beats = this.heartbeat.beats;
    this.#changedAtMs = nowMs;
    try {
      return await new Promise((resolve, reject) => {
        this.#refuse = reject;
        answer.then(resolve, reject);
      });
    } finally {
      this.#refuse = undefined;
    }
  }

  /** Looks for a sign of life; `stuck` says what is wrong when there was none for too long. */
  look(nowMs: number, watchdogMs: number, stuck: (heartbeat: Heartbeat) => CommandError): void {
    const { beats } = this.heartbeat;
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#changedAtMs = nowMs;
    } else if (nowMs - this.#changedAtMs >= watchdogMs) this.#refuse?.(stuck(this.heartbeat));
  }
}
