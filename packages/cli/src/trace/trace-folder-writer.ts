import {
  PacketReader,
  indexEntryBytes,
  indexEntryOf,
  indexHeader,
  metadataText,
} from '@rseqlab/trace-format';
import type { TraceClass } from '@rseqlab/trace-format';
import { join } from 'node:path';
import { CommandError } from '../command-error.js';
import { GrowingFile } from './growing-file.js';
import { INDEX_ENDING, INDEX_FOLDER, METADATA_FILE } from './trace-folder.js';
import { hostFiles } from './trace-files.js';
import type { TraceFileSystem } from './trace-files.js';

/** A data stream and its index, as they grow. */
interface StreamFiles {
  readonly data: GrowingFile;
  readonly index: GrowingFile;
  packets: number;
  /** What stopped it; nothing is written behind. */
  failure: CommandError | undefined;
}

/** How a trace describes itself: the text or bytes of its metadata file. */
export type MetadataWriter = (trace: TraceClass) => Uint8Array | string;

/**
 * Writes a trace into a folder: metadata, data streams, and an index file for each.
 *
 * Metadata comes first and as a whole, then packets, each whole or not at all: whatever stops it, a full disk
 * or the end of the process, what is there is a trace up to then.
 */
export class TraceFolderWriter {
  readonly #folder: string;
  readonly #files: TraceFileSystem;
  #reader: PacketReader;
  readonly #streams = new Map<string, StreamFiles>();

  /**
   * @param folder - made if it is not there; has to be empty
   * @throws CommandError when it is not empty or cannot be written to
   */
  constructor(
    folder: string,
    trace: TraceClass,
    metadata: MetadataWriter = metadataText,
    files: TraceFileSystem = hostFiles,
  ) {
    this.#folder = folder;
    this.#files = files;
    makeEmptyFolder(folder, files);
    naming(folder, () => files.folder(join(folder, INDEX_FOLDER)));
    this.#reader = this.#described(trace, metadata);
  }

  /**
   * Describes the trace anew, with more kinds of streams or events than before.
   *
   * @throws CommandError when it cannot be written: the trace is described as it was
   */
  describe(trace: TraceClass, metadata: MetadataWriter = metadataText): void {
    this.#reader = this.#described(trace, metadata);
  }

  /**
   * Adds a packet to a stream.
   *
   * @param stream - the name of its file
   * @throws CommandError when it cannot be written: the packets before it stay, and no more come to the stream;
   *   TraceFormatError for what is no packet of the trace
   */
  append(stream: string, packet: Uint8Array): void {
    const info = this.#reader.open(packet);
    const files = this.#streams.get(stream) ?? this.#open(stream);
    if (files.failure !== undefined) throw files.failure;
    const { data, index, packets } = files;
    const at = data.sizeBytes;
    try {
      naming(`${this.#folder}/${stream}, packet ${packets}`, () => {
        data.append(packet);
        index.append(indexEntryBytes(indexEntryOf(info, at)));
      });
      files.packets += 1;
    } catch (error) {
      data.shrink(at);
      if (error instanceof CommandError) files.failure = error;
      throw error;
    }
  }

  /**
   * Takes the files of a stream away; its next packet begins new ones.
   *
   * @throws CommandError when the system refuses
   */
  discard(stream: string): void {
    const files = this.#streams.get(stream);
    if (files === undefined) return;
    this.#streams.delete(stream);
    naming(`${this.#folder}/${stream}`, () => {
      for (const file of [files.data, files.index]) file.close();
      this.#files.remove(join(this.#folder, stream));
      this.#files.remove(join(this.#folder, INDEX_FOLDER, stream + INDEX_ENDING));
    });
  }

  /** Closes all files. */
  close(): void {
    for (const { data, index } of this.#streams.values()) {
      data.close();
      index.close();
    }
    this.#streams.clear();
  }

  #described(trace: TraceClass, metadata: MetadataWriter): PacketReader {
    naming(this.#folder, () => {
      this.#files.replace(join(this.#folder, METADATA_FILE), metadata(trace));
    });
    return new PacketReader(trace);
  }

  #open(stream: string): StreamFiles {
    const folder = this.#folder;
    return naming(`${folder}/${stream}`, () => {
      const data = new GrowingFile(this.#files, join(folder, stream));
      const index = new GrowingFile(this.#files, join(folder, INDEX_FOLDER, stream + INDEX_ENDING));
      const files: StreamFiles = { data, index, packets: 0, failure: undefined };
      this.#streams.set(stream, files);
      index.append(indexHeader());
      return files;
    });
  }
}

/**
 * Makes a folder to write traces to, if it is not there.
 *
 * @throws CommandError when it is not empty or cannot be made
 */
export function makeEmptyFolder(folder: string, files: TraceFileSystem = hostFiles): void {
  naming(folder, () => {
    if (files.folder(folder).length > 0)
      throw new CommandError(`${folder}: expected an empty folder to write a trace to`);
  });
}

/** Does something with a file; the system's refusal is told with its name. */
function naming<Result>(what: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof CommandError || code === undefined || !('syscall' in (error as object)))
      throw error;
    throw new CommandError(`${what}: expected a place to write to, got ${code}`, undefined, {
      cause: error,
    });
  }
}
