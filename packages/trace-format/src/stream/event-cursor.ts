import type { ClockClass, StreamClass, TraceClass } from '../metadata/trace-class.js';
import type { PacketInfo } from '../packet/packet-info.js';
import type { TraceEvent } from '../packet/trace-event.js';
import { clockOfStream, nsFromOrigin } from './clock-time.js';
import type { DataStream } from './data-stream.js';
import { StreamReader } from './stream-reader.js';

/** Told of every packet of a stream before its events. */
export type PacketListener = (packet: PacketInfo, stream: DataStream) => void;

/**
 * The events of one stream, one at a time.
 *
 * Invariant: `timeHigh` and `timeLow` are the time of `event` in nanoseconds from the clock's origin, or in
 * cycles where the whole trace has one clock.
 */
export class EventCursor {
  readonly trace: TraceClass;
  readonly instance: bigint;
  event: TraceEvent | undefined;
  /** 64 bits in two words, the higher one signed. */
  timeHigh = 0;
  timeLow = 0;
  readonly #dataStream: DataStream;
  readonly #inCycles: boolean;
  readonly #onPacket: PacketListener | undefined;
  #reader: StreamReader | undefined;
  #nextSource = 0;
  #stream: StreamClass | undefined;
  #clock: ClockClass | undefined;

  constructor(
    trace: TraceClass,
    stream: DataStream,
    inCycles: boolean,
    onPacket: PacketListener | undefined,
  ) {
    this.trace = trace;
    this.instance = stream.instance ?? 0n;
    this.#dataStream = stream;
    this.#inCycles = inCycles;
    this.#onPacket = onPacket;
  }

  /**
   * Goes on to the next event, or to none behind the last.
   *
   * @throws TraceFormatError as {@link StreamReader}; there is no event after it
   */
  advance(): void {
    let event: TraceEvent | undefined;
    try {
      event = this.#reader?.nextEvent();
      while (event === undefined && this.#nextPacket()) event = this.#reader!.nextEvent();
    } finally {
      this.event = event;
    }
    if (event !== undefined) this.#takeTime(event);
  }

  #nextPacket(): boolean {
    for (;;) {
      const packet = this.#reader?.nextPacket();
      if (packet !== undefined) {
        this.#onPacket?.(packet, this.#dataStream);
        return true;
      }
      const source = this.#dataStream.sources[this.#nextSource++];
      if (source === undefined) return false;
      this.#reader = new StreamReader(this.trace, source);
    }
  }

  #takeTime(event: TraceEvent): void {
    if (this.#inCycles) {
      this.timeHigh = event.cyclesHigh;
      this.timeLow = event.cyclesLow;
      return;
    }
    if (this.#stream !== event.packet.stream) {
      this.#stream = event.packet.stream;
      this.#clock = clockOfStream(this.trace, this.#stream);
    }
    const ns = nsFromOrigin(this.#clock, event.cycles);
    this.timeHigh = Number(ns >> 32n);
    this.timeLow = Number(ns & 0xffffffffn);
  }
}
