import type {
  ByteOrder,
  DisplayBase,
  EnumerationMapping,
  FieldPath,
  FieldType,
  NamedField,
  StructureType,
  ValueRange,
} from '../../fields/field-type.js';
import type { Scope } from '../../fields/scope.js';
import { integerType } from '../integer-types.js';
import type { JsonObject } from './json-object.js';
import { ORIGINS, ROLES } from './scopes.js';

/** What field classes of a scope are read with. */
export interface FieldClassContext {
  readonly scope: Scope;
  /** The clock that times are of, if there is one. */
  readonly clock: string | undefined;
  readonly aliases: ReadonlyMap<string, JsonObject>;
  /** For each scope the names of CTF 1.8 by those that its fields have. */
  readonly renamed: ReadonlyMap<Scope, Map<string, string>>;
  /** Structures around, from the scope's root on: their names, `''` for elements. */
  readonly names: readonly string[];
}

const MOST_DEPTH = 64;

/** Reads a field class. @throws TraceFormatError `ERR_METADATA` */
function parseFieldClass(json: JsonObject, context: FieldClassContext): FieldType {
  if (context.names.length > MOST_DEPTH)
    json.fail(`types of at most ${MOST_DEPTH} inside each other`);
  const type = json.text('type');
  const parse = Object.hasOwn(PARSERS, type) ? PARSERS[type] : undefined;
  return parse === undefined
    ? json.fail(`a field class of ${Object.keys(PARSERS).join(', ')}, not ${type}`)
    : parse(json, context);
}

type Parser = (json: JsonObject, context: FieldClassContext) => FieldType;

const PARSERS: Readonly<Record<string, Parser>> = {
  'fixed-length-unsigned-integer': (json, context) => integer(json, context, false),
  'fixed-length-signed-integer': (json, context) => integer(json, context, true),
  'fixed-length-boolean': (json, context) => integer(json, context, false),
  'fixed-length-bit-array': (json, context) =>
    ({ ...integer(json, context, false), base: 16 }) as FieldType,
  'fixed-length-floating-point-number': float,
  'null-terminated-string': () => ({ kind: 'string', encoding: 'UTF8' }),
  'static-length-string': (json) => ({ kind: 'array', length: length(json), element: CHARACTER }),
  'dynamic-length-string': (json, context) => ({
    kind: 'sequence',
    length: location(json, 'length-field-location', context),
    element: CHARACTER,
  }),
  'static-length-blob': (json) => ({ kind: 'array', length: length(json), element: BYTE }),
  'dynamic-length-blob': (json, context) => ({
    kind: 'sequence',
    length: location(json, 'length-field-location', context),
    element: BYTE,
  }),
  structure,
  'static-length-array': (json, context) => ({
    kind: 'array',
    length: length(json),
    element: element(json, context),
  }),
  'dynamic-length-array': (json, context) => ({
    kind: 'sequence',
    length: location(json, 'length-field-location', context),
    element: element(json, context),
  }),
  variant,
};

const CHARACTER = integerType(8, { encoding: 'UTF8' });
const BYTE = integerType(8, { base: 16 });

function length(json: JsonObject): number {
  return json.integer('length', 0, 0xffffffff);
}

function byteOrder(json: JsonObject): ByteOrder {
  const order = json.text('byte-order');
  if (order !== 'little-endian' && order !== 'big-endian')
    return json.fail(`the byte order little-endian or big-endian, not ${order}`);
  const bits = json.optionalText('bit-order');
  const natural = order === 'little-endian' ? 'first-to-last' : 'last-to-first';
  if (bits !== undefined && bits !== natural)
    json.fail(`bits in the order ${natural}, not ${bits}`);
  return order === 'little-endian' ? 'le' : 'be';
}

function alignment(json: JsonObject, name: string): number {
  const bits = json.integer(name, 1, 2 ** 30, 1);
  return Number.isInteger(Math.log2(bits))
    ? bits
    : json.fail('an alignment that is a power of two');
}

function integer(
  json: JsonObject,
  { scope, clock }: FieldClassContext,
  isSigned: boolean,
): FieldType {
  const roles = json.texts('roles');
  const isTime = roles.some((role) => role.endsWith('default-clock-timestamp'));
  const container = integerType(json.integer('length', 1, 64), {
    isSigned,
    byteOrder: byteOrder(json),
    alignBits: alignment(json, 'alignment'),
    base: json.integer('preferred-display-base', 2, 16, 10) as DisplayBase,
    ...(isTime && clock !== undefined && scope !== 'trace.packet.header' && { clock }),
  });
  const mappings = json.optional('mappings');
  if (mappings === undefined) return container;
  return {
    kind: 'enumeration',
    container,
    mappings: mappings
      .names()
      .flatMap((label): EnumerationMapping[] =>
        mappings.ranges(label).map((range) => ({ label, ...range })),
      ),
  };
}

function float(json: JsonObject): FieldType {
  const sizeBits = json.integer('length', 1, 1024);
  if (sizeBits !== 32 && sizeBits !== 64) return json.fail('a float of 32 or 64 bits');
  return {
    kind: 'float',
    sizeBits,
    alignBits: alignment(json, 'alignment'),
    byteOrder: byteOrder(json),
  };
}

/** Reads a structure. */
export function structure(json: JsonObject, context: FieldClassContext): StructureType {
  const fields = json.objects('member-classes').map((member): NamedField => {
    const written = member.text('name');
    const fieldClass = member.aliased('field-class', context.aliases);
    const name = canonicalName(written, fieldClass, context);
    context.renamed.get(context.scope)!.set(written, name);
    return {
      name,
      type: parseFieldClass(fieldClass, { ...context, names: [...context.names, name] }),
    };
  });
  return { kind: 'structure', minAlignBits: alignment(json, 'minimum-alignment'), fields };
}

/** The name that CTF 1.8 has for the role of a field; its own where it has none. */
function canonicalName(written: string, json: JsonObject, { scope }: FieldClassContext): string {
  const roles = json.texts('roles');
  const names = ROLES[scope] ?? {};
  const byRole = Object.keys(names).find((name) => roles.includes(names[name]!));
  if (byRole !== undefined) return byRole;
  return scope === 'stream.event.header' && json.text('type') === 'variant' ? 'v' : written;
}

function element(json: JsonObject, context: FieldClassContext): FieldType {
  const inner = json.aliased('element-field-class', context.aliases);
  return parseFieldClass(inner, { ...context, names: [...context.names, ''] });
}

function variant(json: JsonObject, context: FieldClassContext): FieldType {
  const selectors: ValueRange[][] = [];
  const options = json.objects('options').map((option, n): NamedField => {
    selectors.push(option.ranges('selector-field-ranges'));
    const type = parseFieldClass(option.aliased('field-class', context.aliases), context);
    return { name: option.optionalText('name') ?? `option ${n}`, type };
  });
  return {
    kind: 'variant',
    tag: location(json, 'selector-field-location', context),
    options,
    selectors,
  };
}

/** Where a length or tag lies, from a scope on. */
function location(json: JsonObject, member: string, context: FieldClassContext): FieldPath {
  const place = json.object(member);
  const origin = place.optionalText('origin');
  const path = place.path('path');
  const around = context.names.slice(0, -1).filter((name) => name !== '');
  if (origin !== undefined) {
    const scope = (Object.keys(ORIGINS) as Scope[]).find((name) => ORIGINS[name] === origin);
    if (scope === undefined) return place.fail(`an origin of ${Object.values(ORIGINS).join(', ')}`);
    const names = path.map((name) => renamedName(name, scope, context));
    const isBeside = scope === context.scope && names.slice(0, -1).join('/') === around.join('/');
    return isBeside ? names.slice(-1) : [scope, ...names];
  }
  // Without an origin: from the structure around on, each null one further out.
  const ups = path.filter((name) => name === null).length;
  const down = path
    .filter((name) => name !== null)
    .map((name) => renamedName(name, context.scope, context));
  return ups === 0 && down.length === 1
    ? down
    : [context.scope, ...around.slice(0, around.length - ups), ...down];
}

function renamedName(name: string | null, scope: Scope, { renamed }: FieldClassContext): string {
  return renamed.get(scope)?.get(name ?? '') ?? name ?? '';
}
