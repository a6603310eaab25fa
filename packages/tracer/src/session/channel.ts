import type { Machine, Process } from '@rseqlab/sim-machine';
import { eventHeaderType, packetContextType } from '@rseqlab/trace-format';
import type { EventClass, StreamClass, TraceClass } from '@rseqlab/trace-format';
import { PacketMaker } from '../consumer/packet-maker.js';
import type { ChannelEvent } from '../consumer/packet-maker.js';
import { CLOCK_NAME } from '../consumer/trace-clock.js';
import { eventClass } from '../events/event-definition.js';
import type { EventDefinition } from '../events/event-definition.js';
import { MAX_EVENTS } from '../ring/frame.js';
import { RingBuffers } from '../ring/ring-buffers.js';
import { checkGeometry } from '../ring/ring-geometry.js';
import { TracerError } from '../tracer-error.js';
import { CHANNEL_DEFAULTS } from './channel-options.js';
import type { ChannelOptions } from './channel-options.js';

const NAME = /^[A-Za-z0-9_.-]+$/;

/** A channel of a session: events that share ring buffers, a ring for each CPU. */
export class Channel {
  readonly name: string;
  /** As in the packet headers of its streams. */
  readonly id: number;
  readonly buffers: RingBuffers;
  readonly #options: Required<ChannelOptions>;
  readonly #events: ChannelEvent[] = [];

  /** Made by `Session.channel`. @internal */
  constructor(
    machine: Machine,
    process: Process,
    name: string,
    id: number,
    options: ChannelOptions,
  ) {
    if (!NAME.test(name))
      throw new TracerError(
        'ERR_CHANNEL',
        `expected the name of a channel to be of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}`,
      );
    this.name = name;
    this.id = id;
    this.#options = { ...CHANNEL_DEFAULTS, ...options };
    const { subbufBytes, subbufCount, mode } = this.#options;
    const geometry = checkGeometry({ subbufBytes, subbufCount, mode, isShared: false });
    this.buffers = RingBuffers.create(machine, process, geometry);
  }

  /** Gives an event its number in the channel. @internal */
  add(definition: EventDefinition): number {
    const known = this.#events.findIndex((event) => event.definition === definition);
    if (known >= 0) return known;
    const id = this.#events.length;
    if (
      id === MAX_EVENTS ||
      this.#events.some((event) => event.definition.name === definition.name)
    )
      throw new TracerError(
        'ERR_EVENT',
        `expected channel ${this.name} to have at most ${MAX_EVENTS} events with different names, got ${definition.name}`,
      );
    this.#events.push({ definition, type: eventClass(definition, id) });
    return id;
  }

  /** How a trace describes the channel's streams. @internal */
  streamClass(): StreamClass {
    return {
      id: BigInt(this.id),
      packetContext: packetContextType(CLOCK_NAME),
      eventHeader: eventHeaderType(this.#options.header, CLOCK_NAME),
      events: new Map(this.#events.map(({ type }): [bigint, EventClass] => [type.id, type])),
    };
  }

  /** What makes packets of its sub-buffers. @internal */
  packetMaker(trace: TraceClass): PacketMaker {
    const stream = trace.streams.get(BigInt(this.id))!;
    const { header, subbufBytes } = this.#options;
    return new PacketMaker(trace, stream, header, this.#events, subbufBytes);
  }
}
