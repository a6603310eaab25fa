/**
 * An LTTng-like tracer on the simulated machine: typed events, per-CPU ring buffers written by restartable
 * sequences, consumers, and traces in the Common Trace Format.
 *
 * Start at {@link defineEvent} and {@link Session}.
 *
 * @packageDocumentation
 */
export { TracerError } from './tracer-error.js';
export type { TracerErrorCode } from './tracer-error.js';

// Events
export { defineEvent } from './events/event-definition.js';
export type {
  EventDefinition,
  EventFields,
  EventOptions,
  EventValues,
} from './events/event-definition.js';
export { LogLevel } from './events/log-level.js';
export { i16, i32, i64, i8, u16, u32, u64, u8 } from './events/field.js';
export type { Field, IntegerOptions, ValueOf } from './events/field.js';
export {
  array,
  blob,
  enumeration,
  f32,
  f64,
  sequence,
  text,
  textArray,
} from './events/composed-fields.js';
export { textAt } from './events/text-at.js';
export { structure } from './events/structure.js';
export { PayloadReader } from './events/payload-reader.js';
export { PayloadWriter } from './events/payload-writer.js';

// Sessions
export { Session } from './session/session.js';
export type { SessionOptions } from './session/session.js';
export { SessionOrders } from './session/session-orders.js';
export type { SessionMember } from './session/session-member.js';
export type { BufferScheme } from './session/session-memory.js';
export { Channel } from './session/channel.js';
export type { ChannelOptions } from './session/channel-options.js';
export type { ContextName } from './session/context.js';
export type { RecordingRule } from './session/recording-rule.js';
export { Tracepoint } from './session/tracepoint.js';
export type { Probe, ProbeOptions, ProbedTracepoint } from './session/probe.js';
export type { EventFilter } from './filter/compile-filter.js';
export type {
  ChannelStatistics,
  EventCounts,
  EventStatistics,
  SessionStatistics,
} from './session/session-statistics.js';
export { statusText } from './session/status-text.js';

// What comes out
export { MemorySink } from './consumer/trace-sink.js';
export type { TraceSink } from './consumer/trace-sink.js';
export { directTraces, openTrace } from './consumer/trace-output.js';
export type { TraceOpener } from './consumer/trace-output.js';
export type { TraceClock } from './consumer/trace-clock.js';

// Rings of the dead
export { isRingImage, readRingImage, ringImageBytes } from './image/ring-image.js';
export type { RingImage, RingImageHeader } from './image/ring-image.js';
export { ringImages } from './image/ring-images.js';
export { recoverRing } from './image/recover-ring.js';
export type { RecoveredRing } from './image/recover-ring.js';

// The machine's kernel
export { KernelTracer } from './kernel/kernel-tracer.js';
export type { KernelTracerOptions } from './kernel/kernel-tracer.js';
export { KERNEL_EVENTS } from './kernel/kernel-events.js';
export type { KernelEventFields, KernelEventName } from './kernel/kernel-events.js';

// Ring buffers
export { RingBuffers } from './ring/ring-buffers.js';
export type { RecordOutcome } from './ring/ring-buffers.js';
export { RingReader } from './ring/ring-reader.js';
export type { ClosedSubbuf } from './ring/ring-reader.js';
export type { RingMemory } from './consumer/ring-memory.js';
export { wholeRecords } from './ring/whole-records.js';
export type { WholeRecord } from './ring/whole-records.js';
export type { LossMode, RingGeometry } from './ring/ring-geometry.js';
export { LOSSES, RingLayout, lossOffset } from './ring/ring-layout.js';
export type { Loss } from './ring/ring-layout.js';
export type { RingVariant } from './ring/ring-variant.js';
