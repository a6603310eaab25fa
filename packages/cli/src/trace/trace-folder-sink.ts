import { parseMetadata } from '@rseqlab/trace-format';
import type { TraceSink } from '@rseqlab/tracer';
import { TraceFolderWriter } from './trace-folder-writer.js';

/** A folder that a tracer writes to: made when the tracer first says what its trace is like. */
export class TraceFolderSink implements TraceSink {
  readonly #folder: string;
  #writer: TraceFolderWriter | undefined;

  /** @param folder - as {@link TraceFolderWriter} wants it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws CommandError as {@link TraceFolderWriter} does */
  metadata(text: string): void {
    const trace = parseMetadata(text);
    if (this.#writer === undefined)
      this.#writer = new TraceFolderWriter(this.#folder, trace, () => text);
    else this.#writer.describe(trace, () => text);
  }

  /** @throws CommandError as {@link TraceFolderWriter.append} does */
  packet(stream: string, packet: Uint8Array): void {
    this.#writer!.append(stream, packet);
  }

  /** @throws CommandError as {@link TraceFolderWriter.discard} does */
  discard(stream: string): void {
    this.#writer?.discard(stream);
  }

  /** Closes the files. */
  close(): void {
    this.#writer?.close();
  }
}
