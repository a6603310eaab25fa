import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Contestant } from './contestant.js';
import type { Sample } from './sample.js';

/**
 * A contestant in a process of its own, so that the code of one does not shape the optimized code
 * of another.
 */
export class ForkedContestant implements Contestant {
  readonly name: string;
  readonly #child: ChildProcess;

  /**
   * @param argument what the program is told of whom to play
   * @param program a script that answers every message by a {@link Sample}
   */
  constructor(argument: string, name: string, program: URL) {
    this.name = name;
    this.#child = fork(program, [argument]);
  }

  async round(): Promise<Sample> {
    const ended = new AbortController();
    const answer = once(this.#child, 'message', { signal: ended.signal }) as Promise<[Sample]>;
    const onExit = (): void => {
      ended.abort();
    };
    this.#child.once('exit', onExit);
    this.#child.send('round');
    try {
      return (await answer)[0];
    } catch (error) {
      throw new Error(`contestant ${this.name} ended before its round did`, { cause: error });
    } finally {
      this.#child.off('exit', onExit);
    }
  }

  close(): void {
    this.#child.kill();
  }
}
