import type { TraceSink } from './trace-sink.js';

/** How the packets of a stream are divided into files. */
export interface FileLimits {
  /** Most bytes of a file, unless a packet alone is larger; 0 for one file of any size. */
  readonly traceFileBytes: number;
  /** Most files: behind the last one the first begins anew, without what it held; 0 for any number. */
  readonly traceFileCount: number;
}

/**
 * The files of one stream in one sink: one, many, or a ring of a fixed number.
 *
 * @source lttng-enable-channel(1), --tracefile-size and --tracefile-count
 */
export class StreamFiles {
  readonly #sink: TraceSink;
  readonly #stream: string;
  readonly #limits: FileLimits;
  /** Names of the files that there are. */
  readonly #names = new Set<string>();
  #number = 0;
  #bytes = 0;

  constructor(sink: TraceSink, stream: string, limits: FileLimits) {
    this.#sink = sink;
    this.#stream = stream;
    this.#limits = limits;
  }

  /** Adds a packet; whole, in one file. */
  append(packet: Uint8Array): void {
    const { traceFileBytes } = this.#limits;
    if (traceFileBytes > 0 && this.#bytes > 0 && this.#bytes + packet.length > traceFileBytes)
      this.#beginNext();
    this.#names.add(this.#name);
    this.#bytes += packet.length;
    this.#sink.packet(this.#name, packet);
  }

  /** Drops all packets; the next one is in the first file. */
  clear(): void {
    for (const name of this.#names) this.#sink.discard?.(name);
    this.#names.clear();
    this.#number = 0;
    this.#bytes = 0;
  }

  #beginNext(): void {
    const { traceFileCount } = this.#limits;
    this.#number += 1;
    if (this.#number === traceFileCount) this.#number = 0;
    this.#bytes = 0;
    if (this.#names.has(this.#name)) this.#sink.discard?.(this.#name);
  }

  /** As LTTng has it: a number behind the name as soon as there may be several. */
  get #name(): string {
    return this.#limits.traceFileBytes === 0 ? this.#stream : `${this.#stream}_${this.#number}`;
  }
}
