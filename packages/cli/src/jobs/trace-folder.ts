import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TraceSink } from '@rseqlab/tracer';
import { CommandError } from '../command-error.js';

/**
 * A trace as a folder of files: `metadata`, and one of packets for each stream. What was written stays
 * readable, whatever happens later: packets are only ever appended, each as a whole.
 */
export class TraceFolder implements TraceSink {
  readonly #path: string;
  /** As the user named it. */
  readonly #name: string;
  readonly #files = new Map<string, number>();

  /** @throws CommandError when the folder cannot be made or has something in it */
  constructor(name: string, folder: string) {
    this.#path = resolve(folder, name);
    this.#name = name;
    const found = this.#attempt(() => {
      mkdirSync(this.#path, { recursive: true });
      return readdirSync(this.#path).length;
    });
    if (found > 0)
      throw new CommandError(`expected a new or an empty folder for the trace, got ${name}`);
  }

  metadata(text: string): void {
    this.#attempt(() => {
      writeFileSync(join(this.#path, 'metadata'), text);
    });
  }

  packet(stream: string, packet: Uint8Array): void {
    this.#attempt(() => {
      let file = this.#files.get(stream);
      if (file === undefined) {
        file = openSync(join(this.#path, stream), 'ax');
        this.#files.set(stream, file);
      }
      for (let at = 0; at < packet.length;) at += writeSync(file, packet, at);
    });
  }

  /** Closes the files. */
  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #attempt<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new CommandError(
        `expected to write the trace to ${this.#name}, got ${code ?? message}`,
        undefined,
        { cause: error },
      );
    }
  }
}
