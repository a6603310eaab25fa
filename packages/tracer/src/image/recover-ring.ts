import { MAX_CPUS } from '@rseqlab/sim-machine';
import {
  LaidOutReader,
  PacketWriter,
  TraceFormatError,
  parseMetadata,
} from '@rseqlab/trace-format';
import type { StreamClass, TraceClass } from '@rseqlab/trace-format';
import { CopiedMemory } from '../consumer/ring-memory.js';
import type { SubbufContent } from '../consumer/subbuf-content.js';
import { FRAME_BYTES, FRAME_COMMITTED, frameBytes, frameEvent } from '../ring/frame.js';
import { RingLayout } from '../ring/ring-layout.js';
import { TracerError } from '../tracer-error.js';
import { ringContents } from './ring-contents.js';
import type { RingImage } from './ring-image.js';

/** What was found in an image. */
export interface RecoveredRing {
  readonly packets: number;
  readonly events: number;
  /** Records that were reserved and not committed. */
  readonly unfinished: number;
}

/** What a packet takes at most for each byte of a sub-buffer, and besides. */
const GROWTH = 3;
const HEADER_BYTES = 256;

/**
 * Makes packets of what lies in the image of a ring: what was recorded and never consumed, up to the moment when
 * the machine ended. What is damaged is left out, the rest is recovered.
 *
 * @param deliver takes each packet, whose bytes are valid until it returns
 * @param damaged told what cannot be
 * @throws TracerError `ERR_IMAGE` for metadata that does not describe the ring
 * @source lttng-crash(1)
 */
export function recoverRing(
  image: RingImage,
  deliver: (packet: Uint8Array) => void,
  damaged: (what: string) => void,
): RecoveredRing {
  const recovery = new Recovery(image, damaged);
  const { cpu, words, frequencyMhz } = image;
  const memory = new CopiedMemory(words);
  const layout = new RingLayout(image.geometry);
  const ring = { memory, cpu, ring: 0, layout, clock: { frequencyMhz } };
  const broken = (sequence: number): void => {
    damaged(`sub-buffer ${sequence}: expected content that fits in it, got more`);
  };
  let packets = 0;
  for (const content of ringContents(ring, broken)) {
    const packet = recovery.packet(content);
    if (packet === undefined) continue;
    deliver(packet);
    packets += 1;
  }
  return { packets, events: recovery.events, unfinished: recovery.unfinished };
}

class Recovery {
  events = 0;
  unfinished = 0;
  readonly #image: RingImage;
  readonly #stream: StreamClass;
  readonly #sizes: LaidOutReader;
  readonly #writer: PacketWriter;
  readonly #damaged: (what: string) => void;

  constructor(image: RingImage, damaged: (what: string) => void) {
    const { trace, stream } = described(image);
    this.#image = image;
    this.#stream = stream;
    this.#damaged = damaged;
    this.#sizes = new LaidOutReader(trace, stream);
    const capacity = GROWTH * image.geometry.subbufBytes + HEADER_BYTES;
    this.#writer = new PacketWriter(trace, stream, image.header, capacity);
  }

  /** The packet of a sub-buffer; undefined where not even its times can be. */
  packet(content: SubbufContent): Uint8Array | undefined {
    const { beginCycles, endCycles, sequence, discarded, cpu } = content;
    const { instance } = this.#image;
    if (beginCycles > BigInt(Number.MAX_SAFE_INTEGER) - 2n ** 32n) {
      this.#damaged(`sub-buffer ${sequence}: expected a time, got ${beginCycles}`);
      return undefined;
    }
    const streamInstance = BigInt(instance * MAX_CPUS + cpu);
    this.#writer.begin({ timestampBegin: beginCycles, sequence, cpuId: cpu, streamInstance });
    const last = BigInt(this.#records(content, Number(beginCycles)));
    const timestampEnd = last > endCycles ? last : endCycles;
    return this.#writer.end({ timestampEnd, eventsDiscarded: discarded });
  }

  /** Writes the records that are whole. @returns the time of the last one */
  #records({ bytes, sequence }: SubbufContent, begin: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const beginLow = (begin % 0x100000000) | 0;
    let last = begin;
    for (let at = 0; at < bytes.length;) {
      const word = view.getInt32(at, true);
      const size = frameBytes(word);
      if (size < FRAME_BYTES || at + size > bytes.length) {
        this.#damaged(`sub-buffer ${sequence}, byte ${at}: expected a record, got ${size} bytes`);
        break;
      }
      if ((word & FRAME_COMMITTED) === 0) this.unfinished += 1;
      else {
        const cycles = begin + ((view.getInt32(at + 4, true) - beginLow) >>> 0);
        try {
          this.#record(frameEvent(word), cycles, bytes.subarray(at + FRAME_BYTES, at + size));
          last = cycles;
        } catch (error) {
          if (!(error instanceof TraceFormatError)) throw error;
          this.#damaged(`sub-buffer ${sequence}, byte ${at}: ${error.message}`);
        }
      }
      at += size;
    }
    return last;
  }

  #record(id: number, cycles: number, bytes: Uint8Array): void {
    const size = this.#sizes.sizeBytes(BigInt(id), bytes);
    const event = this.#stream.events.get(BigInt(id))!;
    this.#writer.event(event).writeLaidOut(cycles, bytes, 0, size);
    this.events += 1;
  }
}

function described({ metadata, streamId }: RingImage): {
  readonly trace: TraceClass;
  readonly stream: StreamClass;
} {
  try {
    const trace = parseMetadata(metadata);
    const stream = trace.streams.get(BigInt(streamId));
    if (stream !== undefined) return { trace, stream };
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    throw new TracerError('ERR_IMAGE', `metadata of the image: ${error.message}`, { cause: error });
  }
  throw new TracerError(
    'ERR_IMAGE',
    `expected metadata that describe stream ${streamId}, got others`,
  );
}
