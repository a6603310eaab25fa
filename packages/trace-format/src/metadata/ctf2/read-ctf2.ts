import type { StructureType } from '../../fields/field-type.js';
import type { Scope } from '../../fields/scope.js';
import { TraceFormatError } from '../../trace-format-error.js';
import type { ClockClass, EventClass, StreamClass, TraceClass } from '../trace-class.js';
import { JsonObject } from './json-object.js';
import { parseJsonSequence } from './json-sequence.js';
import { structure } from './read-field-class.js';
import { LOG_LEVEL } from './write-ctf2.js';

/** Names of fields of CTF 1.8, by scope and by the names that they have. */
type Renamed = Map<Scope, Map<string, string>>;

interface MutableStream extends StreamClass {
  readonly events: Map<bigint, EventClass>;
  readonly renamed: Renamed;
}

/**
 * Reads metadata of CTF 2.
 *
 * Optional fields, integers of variable length and bit maps are refused.
 *
 * @throws TraceFormatError `ERR_METADATA` with the line of the fragment that is wrong
 * @source CTF2-SPEC-2.0
 */
export function parseCtf2(text: string): TraceClass {
  const parser = new Ctf2Parser();
  for (const { value, line } of parseJsonSequence(text)) parser.take(new JsonObject(value, line));
  return parser.trace();
}

class Ctf2Parser {
  readonly #aliases = new Map<string, JsonObject>();
  readonly #environment = new Map<string, string | bigint>();
  readonly #clocks = new Map<string, ClockClass>();
  readonly #streams = new Map<bigint, MutableStream>();
  readonly #renamed: Renamed = new Map();
  #uuid: string | undefined;
  #packetHeader: StructureType | undefined;
  #isBegun = false;

  take(json: JsonObject): void {
    const type = json.text('type');
    if (!this.#isBegun && type !== 'preamble') json.fail('a preamble');
    switch (type) {
      case 'preamble':
        this.#takePreamble(json);
        break;
      case 'field-class-alias':
        this.#aliases.set(json.text('name'), json.aliased('field-class', this.#aliases));
        break;
      case 'trace-class':
        this.#takeTrace(json);
        break;
      case 'clock-class':
        this.#takeClock(json);
        break;
      case 'data-stream-class':
        this.#takeStream(json);
        break;
      case 'event-record-class':
        this.#takeEvent(json);
        break;
      default:
        json.fail(`a fragment of a known type, not ${type}`);
    }
  }

  trace(): TraceClass {
    if (!this.#isBegun)
      throw new TraceFormatError('ERR_METADATA', 'expected a preamble, got nothing');
    return {
      major: 2,
      minor: 0,
      ...(this.#uuid !== undefined && { uuid: this.#uuid }),
      byteOrder: 'le',
      ...(this.#packetHeader && { packetHeader: this.#packetHeader }),
      environment: this.#environment,
      clocks: this.#clocks,
      streams: this.#streams,
    };
  }

  #takePreamble(json: JsonObject): void {
    if (json.integer('version', 0, 1000) !== 2) json.fail('version 2');
    this.#isBegun = true;
    const uuid = json.any('uuid');
    if (!Array.isArray(uuid)) return;
    if (uuid.length !== 16 || !uuid.every((byte) => Number.isInteger(byte)))
      json.fail('a uuid of 16 bytes');
    const hex = uuid.map((byte) => Number(byte).toString(16).padStart(2, '0')).join('');
    this.#uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  #takeTrace(json: JsonObject): void {
    const environment = json.optional('environment');
    for (const name of environment?.names() ?? []) {
      const value = environment!.any(name);
      this.#environment.set(name, typeof value === 'string' ? value : environment!.wide(name));
    }
    this.#packetHeader = this.#scope(json, 'packet-header-field-class', 'trace.packet.header', {
      clock: undefined,
      renamed: this.#renamed,
    });
  }

  #takeClock(json: JsonObject): void {
    const offset = json.optional('offset-from-origin');
    const id = json.text('id');
    const [uuid, description] = [json.optionalText('uid'), json.optionalText('description')];
    const frequencyHz = json.wide('frequency');
    if (frequencyHz <= 0n) json.fail('a frequency above 0');
    this.#clocks.set(id, {
      name: id,
      ...(uuid !== undefined && { uuid }),
      ...(description !== undefined && { description }),
      frequencyHz,
      precisionCycles: json.wide('precision', 0n),
      offsetSeconds: offset?.wide('seconds', 0n) ?? 0n,
      offsetCycles: offset?.wide('cycles', 0n) ?? 0n,
      isAbsolute: json.any('origin') === 'unix-epoch',
    });
  }

  #takeStream(json: JsonObject): void {
    const id = json.wide('id', 0n);
    if (this.#streams.has(id)) json.fail(`one data stream class with the id ${id}`);
    const clock = json.optionalText('default-clock-class-id');
    if (clock !== undefined && !this.#clocks.has(clock))
      json.fail(`a clock that is defined, not ${clock}`);
    const renamed = new Map(this.#renamed);
    const scope = (member: string, name: Scope): StructureType | undefined =>
      this.#scope(json, member, name, { clock, renamed });
    const packetContext = scope('packet-context-field-class', 'stream.packet.context');
    const eventHeader = scope('event-record-header-field-class', 'stream.event.header');
    const eventContext = scope('event-record-common-context-field-class', 'stream.event.context');
    this.#streams.set(id, {
      id,
      ...(packetContext && { packetContext }),
      ...(eventHeader && { eventHeader }),
      ...(eventContext && { eventContext }),
      events: new Map(),
      renamed,
    });
  }

  #takeEvent(json: JsonObject): void {
    const stream = this.#streams.get(json.wide('data-stream-class-id', 0n));
    const id = json.wide('id', 0n);
    if (stream === undefined || stream.events.has(id))
      return json.fail('an event record class of its own, of a data stream class that there is');
    const of = { clock: undefined, renamed: new Map(stream.renamed) };
    const level = json.optional('attributes')?.any(LOG_LEVEL);
    const context = this.#scope(json, 'specific-context-field-class', 'event.context', of);
    const fields = this.#scope(json, 'payload-field-class', 'event.fields', of);
    stream.events.set(id, {
      id,
      name: json.optionalText('name') ?? `event ${id}`,
      ...(typeof level === 'number' && { logLevel: level }),
      ...(context && { context }),
      ...(fields && { fields }),
    });
  }

  #scope(
    json: JsonObject,
    member: string,
    scope: Scope,
    { clock, renamed }: { readonly clock: string | undefined; readonly renamed: Renamed },
  ): StructureType | undefined {
    if (json.any(member) === undefined) return undefined;
    const fieldClass = json.aliased(member, this.#aliases);
    if (fieldClass.text('type') !== 'structure') return json.fail(`a structure as ${member}`);
    renamed.set(scope, new Map());
    return structure(fieldClass, { scope, clock, aliases: this.#aliases, renamed, names: [] });
  }
}
