import { digest } from '@rseqlab/sim-machine';
import { PACKET_HEADER, eventHeaderType, packetContextType } from '@rseqlab/trace-format';
import type { EventClass, HeaderKind, StreamClass, TraceClass } from '@rseqlab/trace-format';
import type { ChannelEvent } from '../consumer/packet-maker.js';
import { CLOCK_NAME, clockClass } from '../consumer/trace-clock.js';
import { payloadType } from '../events/event-definition.js';
import type { EventFields } from '../events/event-definition.js';
import type { TraceClock } from '../consumer/trace-clock.js';

/** Where a trace comes from. */
export interface TraceOrigin {
  /** What was traced: programs (`ust`) or the kernel. */
  readonly domain: 'ust' | 'kernel';
  /** Name of the session. */
  readonly name: string;
  readonly clock: TraceClock;
  /** What tells it from others of the name on the machine: readers take traces of one uuid for parts of one. */
  readonly place?: string;
}

/** How a trace describes the streams of a channel: one for each CPU. */
export function streamClassOf(
  id: number,
  header: HeaderKind,
  events: readonly ChannelEvent[],
  contexts: EventFields = {},
): StreamClass {
  return {
    id: BigInt(id),
    packetContext: packetContextType(CLOCK_NAME),
    eventHeader: eventHeaderType(header, CLOCK_NAME),
    ...(Object.keys(contexts).length > 0 && { eventContext: payloadType(contexts) }),
    events: new Map(events.map(({ type }): [bigint, EventClass] => [type.id, type])),
  };
}

/** How a trace describes itself. @param machine description of the machine, for the trace's uuid */
export function describeTrace(
  { domain, name, clock, place = '' }: TraceOrigin,
  machine: string,
  streams: readonly StreamClass[],
): TraceClass {
  return {
    major: 1,
    minor: 8,
    uuid: uuidOf(`${domain} ${name} ${place} ${machine}`),
    byteOrder: 'le',
    packetHeader: PACKET_HEADER,
    environment: new Map([
      ['domain', domain],
      ['tracer_name', 'rseqlab'],
      ['trace_name', name],
      ['hostname', 'machine'],
    ]),
    clocks: new Map([[CLOCK_NAME, clockClass(clock, uuidOf(`clock ${machine}`))]]),
    streams: new Map(streams.map((stream): [bigint, StreamClass] => [stream.id, stream])),
  };
}

/** A uuid that is the same for the same text. */
function uuidOf(text: string): string {
  const characters = digest(`1 ${text}`) + digest(`2 ${text}`);
  const hex = Array.from(characters, (each) =>
    each.charCodeAt(0).toString(16).padStart(2, '0'),
  ).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
