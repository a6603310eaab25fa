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
  VariantType,
} from './fields/field-type.js';
export type {
  EnumerationValue,
  FieldValue,
  StructureValue,
  VariantValue,
} from './fields/field-value.js';

// Metadata
export { integerType } from './metadata/integer-types.js';
export { parseMetadata } from './metadata/parse-metadata.js';
export type { ClockClass, EventClass, StreamClass, TraceClass } from './metadata/trace-class.js';
export { METADATA_MAGIC, unpackMetadata } from './metadata/unpack-metadata.js';
export { metadataText } from './metadata/write-metadata.js';

// Packets
export type { TraceEvent } from './packet/event-reader.js';
export type { PacketInfo } from './packet/packet-info.js';
export { PACKET_HEADER, eventHeaderType, packetContextType } from './packet/packet-layout.js';
export type { HeaderKind } from './packet/packet-layout.js';
export { PACKET_MAGIC, PacketReader } from './packet/packet-reader.js';
export { PacketWriter } from './packet/packet-writer.js';
export type { PacketBeginning, PacketEnd } from './packet/packet-writer.js';
