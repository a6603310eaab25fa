import type { Process } from '@rseqlab/sim-machine';
import type { RingMemory } from '../consumer/ring-memory.js';
import { LOSSES, RingOffset, lossOffset } from '../ring/ring-layout.js';
import type { Loss } from '../ring/ring-layout.js';
import type { LossMode } from '../ring/ring-geometry.js';
import { countRecords, scanRing } from '../ring/ring-scan.js';
import type { RingBuffers } from '../ring/ring-buffers.js';
import type { Channel } from './channel.js';
import type { Probe } from './probe.js';

/** What became of events. */
export interface EventCounts {
  /** Events that are in packets, or were cleared, or are still in the rings and whole. */
  readonly recorded: number;
  /** Events that were emitted and are not recorded, but for those that were overwritten. */
  readonly discarded: number;
  /**
   * Events that were emitted and passed the filters: recorded and discarded ones. Undefined in mode overwrite,
   * where what is overwritten is not counted by event.
   */
  readonly emitted: number | undefined;
}

/** What became of the events of a rule. */
export interface EventStatistics extends EventCounts {
  readonly name: string;
  readonly logLevel: number;
  /** Conditions of which one has to hold; empty for all events. */
  readonly filters: readonly string[];
  /** Whether it is enabled, and the session active. */
  readonly isEnabled: boolean;
}

/** What became of the events of a channel. */
export interface ChannelStatistics extends EventCounts {
  readonly name: string;
  readonly mode: LossMode;
  /** Events discarded, by the reason. */
  readonly losses: Readonly<Record<Loss, number>>;
  /** Packets that were overwritten before anybody read them; 0 in mode discard. */
  readonly lostPackets: number;
  readonly events: readonly EventStatistics[];
}

/** What became of the events of a session. */
export interface SessionStatistics extends EventCounts {
  readonly name: string;
  readonly isActive: boolean;
  readonly lostPackets: number;
  readonly channels: readonly ChannelStatistics[];
}

/**
 * What became of the events of a session, as it is right now.
 *
 * @param probes all of the session
 * @param memory the session's process
 */
export function sessionStatistics(
  name: string,
  isActive: boolean,
  channels: readonly Channel[],
  probes: readonly Probe[],
  memory: Process,
): SessionStatistics {
  const each = channels.map((channel) => channelStatistics(channel, probes, memory));
  const emitted = each.map((channel) => channel.emitted);
  return {
    name,
    isActive,
    recorded: sum(each.map((channel) => channel.recorded)),
    discarded: sum(each.map((channel) => channel.discarded)),
    emitted: emitted.includes(undefined) ? undefined : sum(emitted as number[]),
    lostPackets: sum(each.map((channel) => channel.lostPackets)),
    channels: each,
  };
}

function channelStatistics(
  channel: Channel,
  probes: readonly Probe[],
  memory: Process,
): ChannelStatistics {
  const { rings, name, mode } = channel;
  const recorded = Float64Array.from(
    channel.events,
    (_, id) => (channel.consumed?.[id] ?? 0) + (channel.cleared[id] ?? 0),
  );
  const losses = { full: 0, wrap: 0, big: 0, nested: 0, interrupted: 0, dead: 0 };
  let lostPackets = 0;
  for (const { buffers } of rings.sets)
    for (const cpu of buffers.cpus) {
      const ring = buffers.ringOf(cpu);
      for (const subbuf of scanRing(memory, ring, buffers.layout))
        countRecords(memory, subbuf, recorded);
      for (const loss of LOSSES) losses[loss] += memory.read32(ring + lossOffset(loss)) >>> 0;
      if (mode === 'overwrite') lostPackets += overwritten(buffers, ring, memory);
    }
  const counts = countsOf(mode, sum(recorded), sum(Object.values(losses)));
  const events = channel.events.map((_, id) =>
    eventStatistics(channel, id, recorded[id]!, probes, memory),
  );
  return { name, mode, ...counts, losses, lostPackets, events };
}

function eventStatistics(
  channel: Channel,
  id: number,
  recorded: number,
  probes: readonly Probe[],
  memory: Process,
): EventStatistics {
  const { name, logLevel } = channel.events[id]!.definition;
  const own = probes.filter((probe) => probe.channel === channel && probe.eventId === id);
  const filters = own.map(({ filter }) => filter?.text ?? '');
  const discarded = sum(own.map((probe) => memory.read32(probe.tracepoint.lostBy(probe)) >>> 0));
  return {
    name,
    logLevel,
    filters: filters.includes('') ? [] : filters,
    isEnabled: own.some((probe) => probe.tracepoint.hasEnabled(probe, memory)),
    ...countsOf(channel.mode, recorded, discarded),
  };
}

/** Sub-buffers of a ring that were overwritten. */
function overwritten({ layout }: RingBuffers, ring: number, memory: RingMemory): number {
  const offset = memory.read32(ring + RingOffset.offset) >>> 0;
  return Math.max(0, Math.ceil(offset / layout.geometry.subbufBytes) - layout.geometry.subbufCount);
}

function countsOf(mode: LossMode, recorded: number, discarded: number): EventCounts {
  return { recorded, discarded, emitted: mode === 'discard' ? recorded + discarded : undefined };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
