import type { CommandError } from '../command-error.js';
import { Heartbeat } from '../jobs/heartbeat.js';
import { StallDetector } from '../jobs/stall-detector.js';

/** One of those who work at the same time: its signs of life, and what it is doing. */
export class Lane {
  readonly heartbeat: Heartbeat = new Heartbeat();
  readonly #stall: StallDetector = new StallDetector(this.heartbeat);
  #refuse: ((error: CommandError) => void) | undefined;

  /** Waits for an answer, or for {@link look} to give up on it. */
  async watch<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#stall.begin();
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
  look(watchdogMs: number, stuck: (heartbeat: Heartbeat) => CommandError): void {
    if (this.#refuse !== undefined && this.#stall.lasts(watchdogMs))
      this.#refuse(stuck(this.heartbeat));
  }
}
