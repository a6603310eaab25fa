/**
 * The Common Trace Format: traces as bytes, and bytes as events. Knows nothing of the machine.
 *
 * {@link parseMetadata} and {@link PacketReader} read, {@link metadataText} and {@link PacketWriter}
 * write.
 *
 * @packageDocumentation
 */
export { TraceFormatError } from './trace-format-error.js';
export type { TraceFormatErrorCode, TracePosition } from './trace-format-error.js';

// Types and values
export { laidOutBytes } from './fields/byte-layout.js';
export { evaluate } from './fields/generated-code.js';
export { alignmentOf, isCharacter } from './fields/field-type.js';
export type {
  ArrayType,
  ByteOrder,
  DisplayBase,
  EnumerationMapping,
  EnumerationType,
  FieldPath,
  FieldType,
  FloatType,
  IntegerType,
  NamedField,
  SequenceType,
  StringType,
  StructureType,
  TextEncoding,
  ValueRange,
  VariantType,
} from './fields/field-type.js';
export type {
  EnumerationValue,
  FieldValue,
  StructureValue,
  VariantValue,
} from './fields/field-value.js';

// Metadata
export { ctf2MetadataText } from './metadata/ctf2/write-ctf2.js';
export { integerType } from './metadata/integer-types.js';
export { parseMetadata } from './metadata/parse-metadata.js';
export type { ClockClass, EventClass, StreamClass, TraceClass } from './metadata/trace-class.js';
export { METADATA_MAGIC, unpackMetadata } from './metadata/unpack-metadata.js';
export { metadataText } from './metadata/write-metadata.js';

// Packets
export type { PacketInfo } from './packet/packet-info.js';
export { PACKET_HEADER, eventHeaderType, packetContextType } from './packet/packet-layout.js';
export type { HeaderKind } from './packet/packet-layout.js';
export { PACKET_MAGIC, PacketReader } from './packet/packet-reader.js';
export type { PacketReaderOptions } from './packet/packet-reader.js';
export { LaidOutReader } from './packet/laid-out-reader.js';
export { EventWriter } from './packet/event-writer.js';
export { PacketWriter } from './packet/packet-writer.js';
export type { PacketBeginning, PacketEnd, PacketWriterOptions } from './packet/packet-writer.js';
export type { TextIntoBytes } from './fields/put-ascii.js';
export { TraceEvent } from './packet/trace-event.js';

// Index files
export { indexEntryOf } from './index-file/index-entry.js';
export type { IndexEntry } from './index-file/index-entry.js';
export { parseIndex } from './index-file/read-index.js';
export { INDEX_MAGIC, indexEntryBytes, indexHeader } from './index-file/write-index.js';

// Streams
export { memorySource } from './stream/byte-source.js';
export type { ByteSource } from './stream/byte-source.js';
export { clockOfStream, nsFromOrigin } from './stream/clock-time.js';
export { dataStreams } from './stream/data-stream.js';
export type { DataStream } from './stream/data-stream.js';
export type { PacketListener } from './stream/event-cursor.js';
export { mergeEvents } from './stream/merge-events.js';
export type { MergeListener, MergedEvent, MergedTrace } from './stream/merge-events.js';
export { StreamReader } from './stream/stream-reader.js';

// Findings
export { checkTrace } from './check/check-trace.js';
export type { TraceFiles } from './check/check-trace.js';
export { missingPackets } from './check/missing-packets.js';
export type { MissingPackets } from './check/missing-packets.js';
export type { TraceCounts } from './check/stream-checker.js';
export { TRACE_RULES } from './check/trace-rules.js';
export type { FindingSeverity, TraceFinding, TraceRule } from './check/trace-rules.js';

// Statistics
export { LossCounter } from './statistics/loss-counter.js';
export { streamStatistics } from './statistics/stream-statistics.js';
export type { StreamStatistics } from './statistics/stream-statistics.js';

// Text
export { EventText } from './text/event-text.js';
export type { EventTextOptions } from './text/event-text.js';

// Pictures
export { ChromeWriter } from './tracks/chrome-writer.js';
export { PerfettoWriter } from './tracks/perfetto-writer.js';
export { jsonValue } from './tracks/json-value.js';
export { TrackBuilder } from './tracks/track-builder.js';
export type { Track, TrackEvent } from './tracks/track-event.js';
