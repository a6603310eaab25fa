import type { TraceClass } from '../metadata/trace-class.js';
import type { PacketReaderOptions } from '../packet/packet-reader.js';
import type { ByteSource } from '../stream/byte-source.js';
import type { DataStream } from '../stream/data-stream.js';
import { StreamReader } from '../stream/stream-reader.js';
import { TraceFormatError } from '../trace-format-error.js';
import type { TraceFormatErrorCode } from '../trace-format-error.js';
import { EventTimeCheck } from './event-time-check.js';
import { checkIndex } from './index-check.js';
import { PacketOrderCheck } from './packet-order-check.js';
import { TRACE_RULES } from './trace-rules.js';
import type { Report, TraceFinding, TraceRule } from './trace-rules.js';

/** How much was checked. */
export interface TraceCounts {
  streams: number;
  packets: number;
  events: number;
}

/** Packets of all traces are read: the uuid is a finding, not the end. */
export const CHECKED: PacketReaderOptions = { anyUuid: true };

/** What an error of the reader breaks. */
const RULE_OF_ERROR: Readonly<Partial<Record<TraceFormatErrorCode, TraceRule>>> = {
  ERR_MAGIC: 'magic',
  ERR_STREAM: 'stream-id',
  ERR_PACKET: 'packet-size',
  ERR_EVENT: 'event-id',
  ERR_TAG: 'variant-tag',
};

/** Checks a stream, packet after packet, through all of its files. */
export class StreamChecker {
  readonly #trace: TraceClass;
  readonly #counts: TraceCounts;
  readonly #order: PacketOrderCheck;
  readonly #times: EventTimeCheck;
  #found: TraceFinding[] = [];
  #reader: StreamReader | undefined;

  constructor(trace: TraceClass, counts: TraceCounts) {
    this.#trace = trace;
    this.#counts = counts;
    this.#order = new PacketOrderCheck(trace, this.#report);
    this.#times = new EventTimeCheck(this.#report);
  }

  /** @param indexes - index files by the name of the file that they are of */
  *check(
    { sources }: DataStream,
    indexes: ReadonlyMap<string, Uint8Array>,
  ): Generator<TraceFinding, void, undefined> {
    for (const source of sources) {
      yield* this.#checkFile(source);
      const index = indexes.get(source.name);
      if (index !== undefined)
        for (const message of checkIndex(this.#trace, source, index))
          yield { ...finding('index', message), file: source.name };
    }
  }

  *#checkFile(source: ByteSource): Generator<TraceFinding, void, undefined> {
    this.#reader = new StreamReader(this.#trace, source, CHECKED);
    for (let isMore = true; isMore;) {
      isMore = this.#checkPacket(this.#reader);
      yield* this.#found;
      this.#found = [];
    }
  }

  /** @returns whether there may be another packet in the file */
  #checkPacket(reader: StreamReader): boolean {
    try {
      const packet = reader.nextPacket();
      if (packet === undefined) return false;
      this.#counts.packets += 1;
      this.#order.take(packet, reader.content);
      this.#times.begin(packet);
      for (let event = reader.nextEvent(); event !== undefined; event = reader.nextEvent()) {
        this.#counts.events += 1;
        this.#times.take(event);
      }
      this.#times.end();
      return true;
    } catch (error) {
      if (!(error instanceof TraceFormatError) || error.code === 'ERR_METADATA') throw error;
      this.#report(ruleOf(error, reader), causeOf(error), error.position.bit);
      return true;
    }
  }

  readonly #report: Report = (rule, message, bit) => {
    const { source, packetNumber, packetByte } = this.#reader!;
    this.#found.push({
      ...finding(rule, message),
      file: source.name,
      packet: packetNumber,
      packetByte,
      ...(bit !== undefined && { bit }),
    });
  };
}

function ruleOf({ code }: TraceFormatError, reader: StreamReader): TraceRule {
  if (code !== 'ERR_TRUNCATED') return RULE_OF_ERROR[code] ?? 'packet-size';
  return reader.isCut ? 'truncated' : 'event-past-content';
}

/** The message without the place in front, which a finding has beside. */
function causeOf({ cause, message }: TraceFormatError): string {
  return cause instanceof Error ? cause.message : message;
}

function finding(
  rule: TraceRule,
  message: string,
): Pick<TraceFinding, 'rule' | 'severity' | 'message'> {
  return { rule, severity: TRACE_RULES[rule].severity, message };
}
