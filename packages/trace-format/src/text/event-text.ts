import type { StructureType } from '../fields/field-type.js';
import type { ClockClass, EventClass, TraceClass } from '../metadata/trace-class.js';
import type { PacketInfo } from '../packet/packet-info.js';
import type { TraceEvent } from '../packet/trace-event.js';
import { clockOfStream, nsFromOrigin } from '../stream/clock-time.js';
import type { MergedEvent } from '../stream/merge-events.js';
import { structureText } from './field-text.js';
import type { ValueText } from './field-text.js';

const NS_PER_SECOND = 1_000_000_000n;

/** Fields of packet contexts that say where a packet is, not what happened. @source CTF 1.8, 5.2 */
const OF_THE_FORMAT = new Set([
  'timestamp_begin',
  'timestamp_end',
  'content_size',
  'packet_size',
  'packet_seq_num',
  'events_discarded',
]);

/** How events are written. */
export interface EventTextOptions {
  /**
   * Times in cycles, in seconds from the clock's origin, or as a function writes whole seconds of it, which
   * are not negative.
   */
  readonly time: 'cycles' | 'seconds' | ((seconds: bigint) => string);
  /** Whether the time since the event before is told. */
  readonly delta: boolean;
}

/** What does not change between events of a kind. */
interface EventForm {
  readonly clock: ClockClass | undefined;
  /** Who recorded it, and its name. */
  readonly lead: string;
  readonly streamContext: ValueText | undefined;
  readonly context: ValueText | undefined;
  readonly fields: ValueText | undefined;
}

/** Writes events one a line, as babeltrace2 does. */
export class EventText {
  readonly #options: EventTextOptions;
  readonly #forms = new Map<EventClass, EventForm>();
  #packet: PacketInfo | undefined;
  #packetText = '';
  #lastTime: bigint | undefined;

  constructor(options: EventTextOptions) {
    this.#options = options;
  }

  /** The line of an event, with its end. */
  line({ trace, event }: MergedEvent): string {
    const form = this.#formOf(trace, event);
    if (this.#packet !== event.packet) {
      this.#packet = event.packet;
      this.#packetText = packetText(event.packet);
    }
    const { streamContext, context, fields } = event;
    let scopes = this.#packetText;
    if (streamContext !== undefined)
      scopes += `${comma(scopes)}${form.streamContext!(streamContext)}`;
    if (context !== undefined) scopes += `${comma(scopes)}${form.context!(context)}`;
    if (fields !== undefined) scopes += `${comma(scopes)}${form.fields!(fields)}`;
    return `${this.#timeText(form.clock, event)}${form.lead}${scopes}\n`;
  }

  #formOf(trace: TraceClass, event: TraceEvent): EventForm {
    const known = this.#forms.get(event.type);
    if (known !== undefined) return known;
    const { stream } = event.packet;
    const form = {
      clock: clockOfStream(trace, stream),
      lead: `${originText(trace)}${event.type.name}: `,
      streamContext: scopeText(stream.eventContext),
      context: scopeText(event.type.context),
      fields: scopeText(event.type.fields),
    };
    this.#forms.set(event.type, form);
    return form;
  }

  #timeText(clock: ClockClass | undefined, { cycles }: TraceEvent): string {
    if (clock === undefined) return '';
    const isCycles = this.#options.time === 'cycles';
    const time = isCycles ? cycles : nsFromOrigin(clock, cycles);
    const last = this.#lastTime;
    this.#lastTime = time;
    const shown = isCycles ? time.toString().padStart(20, '0') : this.#secondsText(time);
    if (!this.#options.delta) return `[${shown}] `;
    const delta = last === undefined ? undefined : BigInt.asUintN(64, time - last);
    return `[${shown}] (+${isCycles ? deltaCycles(delta) : deltaSeconds(delta)}) `;
  }

  #secondsText(ns: bigint): string {
    const { time } = this.#options;
    const size = ns < 0n ? -ns : ns;
    const seconds = size / NS_PER_SECOND;
    const whole = typeof time === 'function' && ns >= 0n ? time(seconds) : seconds.toString();
    return `${ns < 0n ? '-' : ''}${whole}.${nineDigits(size % NS_PER_SECOND)}`;
  }
}

function comma(before: string): string {
  return before === '' ? '' : ', ';
}

function scopeText(type: StructureType | undefined): ValueText | undefined {
  return type && structureText(type.fields);
}

/** What a packet says of its events: its CPU, mostly. */
function packetText({ stream, context }: PacketInfo): string {
  const type = stream.packetContext;
  if (type === undefined) return '';
  return structureText(type.fields.filter(({ name }) => !OF_THE_FORMAT.has(name)))(context);
}

/** Where a trace was recorded: `host:process:(pid) `. */
function originText({ environment }: TraceClass): string {
  const vpid = environment.get('vpid');
  const parts = [
    environment.get('hostname'),
    environment.get('procname'),
    vpid === undefined ? undefined : `(${vpid})`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${parts.join(':')} `;
}

function deltaCycles(delta: bigint | undefined): string {
  return delta === undefined ? '?'.repeat(12) : delta.toString().padStart(12, '0');
}

function deltaSeconds(delta: bigint | undefined): string {
  if (delta === undefined) return '?.?????????';
  return `${delta / NS_PER_SECOND}.${nineDigits(delta % NS_PER_SECOND)}`;
}

function nineDigits(ns: bigint): string {
  return ns.toString().padStart(9, '0');
}
