import type { ByteOrder, FieldType, StructureType } from '../fields/field-type.js';
import { parseAttribute, parseAttributes, parseDottedName, truthOf } from './attributes.js';
import type { Attribute } from './attributes.js';
import { RECORD_SEPARATOR } from './ctf2/json-sequence.js';
import { parseCtf2 } from './ctf2/read-ctf2.js';
import { byteOrderFrom } from './parse-scalar.js';
import { parseType, parseTypealias, parseTypedef } from './parse-type.js';
import type { TypeContext } from './parse-type.js';
import { TokenStream } from './token-stream.js';
import type { Token } from './token.js';
import { tokenize } from './tokenize.js';
import type { ClockClass, EventClass, StreamClass, TraceClass } from './trace-class.js';
import { TypeScope } from './type-scope.js';
import { unpackMetadata } from './unpack-metadata.js';

/** What a block such as `stream { ... }` says: values and structures by name. */
interface Block {
  readonly token: Token;
  readonly values: ReadonlyMap<string, Attribute>;
  readonly types: ReadonlyMap<string, StructureType>;
}

interface MutableStream extends StreamClass {
  readonly events: Map<bigint, EventClass>;
}

/**
 * Reads the metadata of a trace: text of CTF 1.8 or of CTF 2, or packets of text.
 *
 * @throws TraceFormatError `ERR_METADATA` with line and column of what is wrong
 * @source CTF 1.8, 7 and C
 */
export function parseMetadata(source: Uint8Array | string): TraceClass {
  const text = typeof source === 'string' ? source : unpackMetadata(source);
  if (text.startsWith(RECORD_SEPARATOR)) return parseCtf2(text);
  const all = tokenize(text);
  return new MetadataParser(new TokenStream(all), nativeByteOrder(all)).parse();
}

/** The byte order of the trace, which types that stand before its block need, too. */
function nativeByteOrder(all: readonly Token[]): ByteOrder {
  let isTrace = false;
  let depth = 0;
  for (const [n, { kind, text }] of all.entries()) {
    if (depth === 0 && kind === 'word') isTrace = text === 'trace';
    if (kind === 'mark' && text === '{') depth += 1;
    if (kind === 'mark' && text === '}') depth -= 1;
    if (isTrace && depth === 1 && kind === 'word' && text === 'byte_order') {
      const tokens = new TokenStream([...all.slice(n + 2), all.at(-1)!]);
      return byteOrderFrom(parseAttribute(tokens), tokens, 'le');
    }
  }
  return 'le';
}

class MetadataParser {
  readonly #tokens: TokenStream;
  readonly #context: TypeContext;
  readonly #environment = new Map<string, string | bigint>();
  readonly #clocks = new Map<string, ClockClass>();
  readonly #streams = new Map<bigint, MutableStream>();
  readonly #events: Block[] = [];
  #trace: Block | undefined;

  constructor(tokens: TokenStream, native: ByteOrder) {
    this.#tokens = tokens;
    this.#context = { tokens, scope: new TypeScope(), native, depth: 0 };
  }

  parse(): TraceClass {
    const tokens = this.#tokens;
    while (tokens.peek().kind !== 'end') this.#declaration();
    const { values, types } = this.#trace ?? tokens.fail('a block trace { ... }');
    for (const block of this.#events) this.#addEvent(block);
    const packetHeader = types.get('packet.header');
    const uuid = values.get('uuid')?.text;
    return {
      major: Number(values.get('major')?.integer ?? 1n),
      minor: Number(values.get('minor')?.integer ?? 8n),
      ...(uuid === undefined ? {} : { uuid: uuid.toLowerCase() }),
      byteOrder: this.#context.native,
      ...(packetHeader && { packetHeader }),
      environment: this.#environment,
      clocks: this.#clocks,
      streams: this.#streams,
    };
  }

  #declaration(): void {
    const tokens = this.#tokens;
    const token = tokens.peek();
    if (tokens.take('typealias')) {
      parseTypealias(this.#context);
      return;
    }
    if (tokens.take('typedef')) {
      parseTypedef(this.#context);
      return;
    }
    if (tokens.take('env')) this.#addEnvironment();
    else if (tokens.take('clock')) this.#addClock(token);
    else if (tokens.take('trace')) this.#trace = this.#block(token);
    else if (tokens.take('stream')) this.#addStream(this.#block(token));
    else if (tokens.take('event')) this.#events.push(this.#block(token));
    else if (tokens.take('callsite')) parseAttributes(tokens);
    else if (tokens.is('struct') || tokens.is('variant') || tokens.is('enum'))
      parseType(this.#context);
    else tokens.fail('trace, env, clock, stream, event, callsite or the definition of a type');
    if (!tokens.take(';') && tokens.peek().kind !== 'end') tokens.expect(';');
  }

  /** Reads `{ name = value; name := type; typealias ...; }`. */
  #block(token: Token): Block {
    const tokens = this.#tokens;
    const context = { ...this.#context, scope: new TypeScope(this.#context.scope) };
    const values = new Map<string, Attribute>();
    const types = new Map<string, StructureType>();
    tokens.expect('{');
    while (!tokens.take('}')) {
      if (tokens.take('typealias')) parseTypealias(context);
      else if (tokens.take('typedef')) parseTypedef(context);
      else if (tokens.is('struct') || tokens.is('variant') || tokens.is('enum')) {
        parseType(context);
        tokens.expect(';');
      } else {
        const name = parseDottedName(tokens);
        if (tokens.take(':=')) types.set(name, this.#structure(parseType(context)));
        else {
          tokens.expect('=');
          values.set(name, parseAttribute(tokens));
        }
        tokens.expect(';');
      }
    }
    return { token, values, types };
  }

  #structure(type: FieldType): StructureType {
    return type.kind === 'structure' ? type : this.#tokens.fail('a structure');
  }

  #addEnvironment(): void {
    for (const [name, { text, integer }] of parseAttributes(this.#tokens))
      this.#environment.set(name, text ?? integer ?? 0n);
  }

  #addClock(token: Token): void {
    const tokens = this.#tokens;
    const values = parseAttributes(tokens);
    const text = (name: string): string | undefined => values.get(name)?.text;
    const integer = (name: string, otherwise: bigint): bigint =>
      values.get(name)?.integer ?? otherwise;
    const name = text('name');
    if (name === undefined) return tokens.fail('the name of the clock', token);
    const frequencyHz = integer('freq', 1_000_000_000n);
    if (frequencyHz <= 0n) tokens.fail('a frequency above 0', token);
    const isAbsolute = values.get('absolute');
    const [uuid, description] = [text('uuid'), text('description')];
    this.#clocks.set(name, {
      name,
      ...(uuid === undefined ? {} : { uuid }),
      ...(description === undefined ? {} : { description }),
      frequencyHz,
      precisionCycles: integer('precision', 0n),
      offsetSeconds: integer('offset_s', 0n),
      offsetCycles: integer('offset', 0n),
      isAbsolute: isAbsolute !== undefined && truthOf(isAbsolute, tokens),
    });
  }

  #addStream({ token, values, types }: Block): void {
    const id = values.get('id')?.integer ?? 0n;
    if (this.#streams.has(id)) this.#tokens.fail(`one stream with the id ${id}`, token);
    const [packetContext, eventHeader, eventContext] = [
      types.get('packet.context'),
      types.get('event.header'),
      types.get('event.context'),
    ];
    this.#streams.set(id, {
      id,
      ...(packetContext && { packetContext }),
      ...(eventHeader && { eventHeader }),
      ...(eventContext && { eventContext }),
      events: new Map(),
    });
  }

  /** Events come last: their stream may stand behind them, or not at all when it has nothing to say. */
  #addEvent({ token, values, types }: Block): void {
    const tokens = this.#tokens;
    const streamId = values.get('stream_id')?.integer ?? 0n;
    if (!this.#streams.has(streamId) && this.#streams.size === 0)
      this.#streams.set(streamId, { id: streamId, events: new Map() });
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return tokens.fail(`an event of a stream that there is`, token);
    const id = values.get('id')?.integer ?? 0n;
    const name = values.get('name')?.text;
    if (name === undefined) return tokens.fail('the name of the event', token);
    if (stream.events.has(id))
      tokens.fail(`one event with the id ${id} in stream ${streamId}`, token);
    const logLevel = values.get('loglevel')?.integer;
    const [context, fields] = [types.get('context'), types.get('fields')];
    stream.events.set(id, {
      id,
      name,
      ...(logLevel === undefined ? {} : { logLevel: Number(logLevel) }),
      ...(context && { context }),
      ...(fields && { fields }),
    });
  }
}
