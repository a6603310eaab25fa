import type { FieldType } from '../fields/field-type.js';
import type { ClockClass, StreamClass, TraceClass } from '../metadata/trace-class.js';

const NS_PER_SECOND = 1_000_000_000n;

/** The clock whose cycles a stream's times are: that of its event headers, or of its packets. */
export function clockOfStream(trace: TraceClass, stream: StreamClass): ClockClass | undefined {
  const name =
    (stream.eventHeader && clockIn(stream.eventHeader)) ??
    (stream.packetContext && clockIn(stream.packetContext));
  return name === undefined ? undefined : trace.clocks.get(name);
}

/**
 * Nanoseconds from the clock's origin, rounded down; cycles as they are where there is no clock.
 *
 * Times of all streams of a trace can be compared by it.
 */
export function nsFromOrigin(clock: ClockClass | undefined, cycles: bigint): bigint {
  if (clock === undefined) return cycles;
  const { frequencyHz, offsetSeconds, offsetCycles } = clock;
  return (
    offsetSeconds * NS_PER_SECOND + nsOf(offsetCycles, frequencyHz) + nsOf(cycles, frequencyHz)
  );
}

function nsOf(cycles: bigint, frequencyHz: bigint): bigint {
  return frequencyHz === NS_PER_SECOND ? cycles : (cycles * NS_PER_SECOND) / frequencyHz;
}

function clockIn(type: FieldType): string | undefined {
  switch (type.kind) {
    case 'integer':
      return type.clock;
    case 'enumeration':
      return type.container.clock;
    case 'structure':
      return firstOf(type.fields.map((field) => field.type));
    case 'variant':
      return firstOf(type.options.map((option) => option.type));
    case 'array':
    case 'sequence':
      return clockIn(type.element);
    case 'float':
    case 'string':
      return undefined;
  }
}

function firstOf(types: readonly FieldType[]): string | undefined {
  for (const type of types) {
    const name = clockIn(type);
    if (name !== undefined) return name;
  }
  return undefined;
}
