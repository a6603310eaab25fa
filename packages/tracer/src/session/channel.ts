import type { Machine, Process } from '@rseqlab/sim-machine';
import type { HeaderKind, StreamClass, TraceClass } from '@rseqlab/trace-format';
import { PacketMaker } from '../consumer/packet-maker.js';
import type { ChannelEvent } from '../consumer/packet-maker.js';
import { eventClass } from '../events/event-definition.js';
import type { EventDefinition } from '../events/event-definition.js';
import { MAX_EVENTS } from '../ring/frame.js';
import type { RingBuffers } from '../ring/ring-buffers.js';
import type { LossMode } from '../ring/ring-geometry.js';
import { checkGeometry } from '../ring/ring-geometry.js';
import { countRecords } from '../ring/ring-scan.js';
import type { RecordSpan } from '../ring/ring-scan.js';
import type { RingMemory } from '../consumer/ring-memory.js';
import { TracerError } from '../tracer-error.js';
import type { FileLimits } from '../consumer/stream-files.js';
import { ChannelRings } from './channel-buffers.js';
import { CHANNEL_DEFAULTS, checkTimersAndFiles } from './channel-options.js';
import type { ChannelOptions, WholeChannelOptions } from './channel-options.js';
import type { BufferScheme } from './session-memory.js';
import { CONTEXT_NAMES, ChannelContexts } from './context.js';
import { streamClassOf } from './describe-trace.js';

const NAME = /^[A-Za-z0-9_.-]+$/;

/** A channel of a session: events that share ring buffers, a ring for each CPU. */
export class Channel {
  readonly name: string;
  /** As in the packet headers of its streams. */
  readonly id: number;
  /** Its rings. @internal */
  readonly rings: ChannelRings;
  /** What is recorded of threads. @internal */
  readonly contexts: ChannelContexts;
  readonly #options: WholeChannelOptions;
  readonly #events: ChannelEvent[] = [];
  #cleared: Float64Array = new Float64Array(0);
  /** What makes packets for the consumers. */
  #consumed: PacketMaker | undefined;

  /** Made by `Session.channel`. @internal */
  constructor(
    machine: Machine,
    process: Process,
    name: string,
    id: number,
    options: ChannelOptions,
    scheme: BufferScheme = 'private',
  ) {
    if (!NAME.test(name))
      throw new TracerError(
        'ERR_CHANNEL',
        `expected the name of a channel to be of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}`,
      );
    this.name = name;
    this.id = id;
    this.#options = { ...CHANNEL_DEFAULTS, ...options };
    checkTimersAndFiles(this.#options);
    const { contexts, subbufBytes, subbufCount, mode, blockingTimeoutNs } = this.#options;
    for (const context of contexts)
      if (!CONTEXT_NAMES.includes(context))
        throw new TracerError(
          'ERR_CHANNEL',
          `expected contexts (${CONTEXT_NAMES.join(', ')}), got ${JSON.stringify(context)}`,
        );
    this.contexts = new ChannelContexts(contexts);
    const sizes = { subbufBytes, subbufCount, mode, blockingTimeoutNs };
    const geometry = checkGeometry({ ...sizes, isShared: scheme === 'per-uid' });
    this.rings = new ChannelRings(machine, process, geometry, scheme);
  }

  /** Its rings as the session's process sees them; with buffers for each process those of its own. */
  get buffers(): RingBuffers {
    return this.rings.own;
  }

  /** How its streams are divided into files. @internal */
  get fileLimits(): FileLimits {
    return this.#options;
  }

  /** Period of its read timer, if it has one of its own. @internal */
  get readTimerNs(): number | undefined {
    return this.#options.readTimerNs;
  }

  /** Period of its switch timer; 0 for none. @internal */
  get switchTimerNs(): number {
    return this.#options.switchTimerNs;
  }

  /** Which event headers its packets have. @internal */
  get headerKind(): HeaderKind {
    return this.#options.header;
  }

  /** Whether it keeps the newest events, for snapshots. */
  get overwrites(): boolean {
    return this.mode === 'overwrite';
  }

  /** What is lost while there is no room. */
  get mode(): LossMode {
    return this.#options.mode;
  }

  /** The events that it records, by their number. @internal */
  get events(): readonly ChannelEvent[] {
    return this.#events;
  }

  /** Whether it records an event. @internal */
  has(definition: EventDefinition): boolean {
    return this.#events.some((event) => event.definition === definition);
  }

  /** Events that consumers have read, by their number. @internal */
  get consumed(): Float64Array | undefined {
    return this.#consumed?.recorded;
  }

  /** Events that were recorded and dropped before anybody read them, by their number. @internal */
  get cleared(): Float64Array {
    return this.#cleared;
  }

  /** Counts what is about to be dropped. @internal */
  countCleared(memory: RingMemory, subbuf: RecordSpan): void {
    const counts = new Float64Array(this.#events.length);
    counts.set(this.#cleared);
    countRecords(memory, subbuf, counts);
    this.#cleared = counts;
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
    return streamClassOf(this.id, this.#options.header, this.#events, this.contexts.fields);
  }

  /** What makes packets for its consumers, the same each time. @internal */
  consumerMaker(trace: TraceClass): PacketMaker {
    return (this.#consumed ??= this.packetMaker(trace));
  }

  /** What makes packets of its sub-buffers. @internal */
  packetMaker(trace: TraceClass): PacketMaker {
    const stream = trace.streams.get(BigInt(this.id))!;
    const { header, subbufBytes } = this.#options;
    const { fields } = this.contexts;
    return new PacketMaker(trace, stream, header, this.#events, subbufBytes, fields);
  }
}
