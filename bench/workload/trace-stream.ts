import {
  PACKET_HEADER,
  PacketWriter,
  eventHeaderType,
  integerType,
  packetContextType,
} from '@rseqlab/trace-format';
import type {
  ByteSource,
  EventClass,
  EventWriter,
  FieldType,
  StreamClass,
  StructureValue,
  TraceClass,
} from '@rseqlab/trace-format';

const CLOCK = 'monotonic';
const PACKET_BYTES = 256 * 1024;

/** Nanoseconds between events. */
const GAP = 100;

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Text of 28 characters, as programs put it together. */
const LINES: readonly string[] = Array.from({ length: 1024 }, (_, n) => {
  const worker = String(n % 12).padStart(2, '0');
  return `worker ${worker} has done task ${String(n).padStart(4, '0')}`;
});

/** Kinds of events, by what the n-th has: a number, eight numbers of 64 bits, a number and text. */
export const PAYLOADS = {
  number: { types: { value: integerType(32) }, values: (n: number) => ({ value: n }) },
  numbers: {
    types: Object.fromEntries(LETTERS.map((name) => [name, integerType(64)])),
    values: (n: number) => ({
      a: n,
      b: n * 2,
      c: n * 1_000_003,
      d: n * 1_000_000_007,
      e: n + 2 ** 32,
      f: n + 2 ** 40,
      g: n + 2 ** 50,
      h: 12_345,
    }),
  },
  text: {
    types: { value: integerType(32), text: { kind: 'string', encoding: 'UTF8' } },
    values: (n: number) => ({ value: n, text: LINES[n & 1023]! }),
  },
} as const satisfies Record<
  string,
  {
    types: Readonly<Record<string, FieldType>>;
    values: (n: number) => StructureValue;
  }
>;

/** One of {@link PAYLOADS}. */
export type Payload = keyof typeof PAYLOADS;

/** A stream of events of one kind. */
export class TraceStream {
  readonly trace: TraceClass;
  readonly #values: (n: number) => StructureValue;
  readonly #event: EventWriter;
  readonly #writer: PacketWriter;

  constructor(payload: Payload) {
    const { types, values } = PAYLOADS[payload];
    const fields = Object.entries(types).map(([name, type]) => ({ name, type }));
    const event: EventClass = {
      id: 0n,
      name: payload,
      fields: { kind: 'structure', minAlignBits: 1, fields },
    };
    this.#values = values;
    const stream: StreamClass = {
      id: 0n,
      packetContext: packetContextType(CLOCK),
      eventHeader: eventHeaderType('compact', CLOCK),
      events: new Map([[0n, event]]),
    };
    const clock = { name: CLOCK, frequencyHz: 1_000_000_000n, precisionCycles: 0n };
    this.trace = {
      major: 1,
      minor: 8,
      uuid: '01234567-89ab-4cde-8f01-23456789abcd',
      byteOrder: 'le',
      packetHeader: PACKET_HEADER,
      environment: new Map(),
      clocks: new Map([
        [CLOCK, { ...clock, offsetSeconds: 0n, offsetCycles: 0n, isAbsolute: false }],
      ]),
      streams: new Map([[0n, stream]]),
    };
    this.#writer = new PacketWriter(this.trace, stream, 'compact', PACKET_BYTES, {
      textEncoder: new TextEncoder(),
    });
    this.#event = this.#writer.event(event);
  }

  /** Writes a packet that is full. @returns its bytes, which the next one overwrites */
  writePacket(): { readonly bytes: Uint8Array; readonly events: number } {
    let events = 0;
    this.#writer.begin({ timestampBegin: 0n, sequence: 0n, cpuId: 0 });
    while (this.#event.write(events * GAP, this.#values(events))) events += 1;
    const timestampEnd = BigInt(events * GAP);
    return { bytes: this.#writer.end({ timestampEnd, eventsDiscarded: 0n }), events };
  }
}

/** A file of one packet again and again, which is nowhere in memory. */
export function repeatedPacket(packet: Uint8Array, count: number): ByteSource {
  return {
    name: 'repeated',
    sizeBytes: packet.length * count,
    read(target, at) {
      for (let done = 0; done < target.length;) {
        const piece = packet
          .subarray((at + done) % packet.length)
          .subarray(0, target.length - done);
        target.set(piece, done);
        done += piece.length;
      }
      return target.length;
    },
  };
}
