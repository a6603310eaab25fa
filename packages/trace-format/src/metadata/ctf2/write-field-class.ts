import { isCharacter } from '../../fields/field-type.js';
import type {
  ArrayType,
  EnumerationType,
  FieldPath,
  FieldType,
  IntegerType,
  NamedField,
  SequenceType,
  StructureType,
  VariantType,
} from '../../fields/field-type.js';
import { isScope } from '../../fields/scope.js';
import type { Scope } from '../../fields/scope.js';
import { TraceFormatError } from '../../trace-format-error.js';
import type { Json } from './json-sequence.js';
import { ORIGINS, ROLES } from './scopes.js';

/** Where a type stands: its scope, and the structures around it with the names that lead to each. */
interface Place {
  readonly scope: Scope;
  readonly open: readonly {
    readonly names: readonly string[];
    readonly fields: readonly NamedField[];
  }[];
  readonly roots: ReadonlyMap<Scope, StructureType>;
}

const ORDERS = { le: 'little-endian', be: 'big-endian' } as const;

/** The field class of a scope. @source CTF2-SPEC-2.0, field classes */
export function scopeFieldClass(
  scope: Scope,
  type: StructureType,
  roots: ReadonlyMap<Scope, StructureType>,
): Json {
  return structureClass(type, [], { scope, open: [], roots });
}

function fieldClass(type: FieldType, names: readonly string[], place: Place): Json {
  switch (type.kind) {
    case 'integer':
      return integerClass(type, names, place);
    case 'enumeration':
      return {
        ...(integerClass(type.container, names, place) as object),
        mappings: mappings(type),
      };
    case 'float':
      return {
        type: 'fixed-length-floating-point-number',
        length: type.sizeBits,
        'byte-order': ORDERS[type.byteOrder],
        alignment: type.alignBits,
      };
    case 'string':
      return { type: 'null-terminated-string' };
    case 'structure':
      return structureClass(type, names, place);
    case 'variant':
      return variantClass(type, names, place);
    case 'array':
      return arrayClass(type, names, place);
    case 'sequence':
      return sequenceClass(type, names, place);
  }
}

function integerClass(type: IntegerType, names: readonly string[], { scope }: Place): Json {
  const role = ROLES[scope]?.[names.at(-1) ?? ''];
  return {
    type: `fixed-length-${type.isSigned ? 'signed' : 'unsigned'}-integer`,
    length: type.sizeBits,
    'byte-order': ORDERS[type.byteOrder],
    alignment: type.alignBits,
    'preferred-display-base': type.base,
    ...(role !== undefined && !type.isSigned && { roles: [role] }),
  };
}

function mappings({ mappings: all }: EnumerationType): Json {
  const ranges: Record<string, Json[]> = {};
  for (const { label, low, high } of all) (ranges[label] ??= []).push([low, high]);
  return ranges;
}

function structureClass(type: StructureType, names: readonly string[], place: Place): Json {
  const before: NamedField[] = [];
  const inner = { ...place, open: [...place.open, { names, fields: before }] };
  const members = type.fields.map((field) => {
    const member = {
      name: field.name,
      'field-class': fieldClass(field.type, [...names, field.name], inner),
    };
    before.push(field);
    return member;
  });
  return { type: 'structure', 'minimum-alignment': type.minAlignBits, 'member-classes': members };
}

function variantClass(type: VariantType, names: readonly string[], place: Place): Json {
  const { location, field } = located(type.tag, place);
  const labels = field.kind === 'enumeration' ? field.mappings : [];
  const options = type.options.map((option, n) => ({
    name: option.name,
    'field-class': fieldClass(option.type, names, place),
    'selector-field-ranges': (
      type.selectors?.[n] ?? labels.filter(({ label }) => label === option.name)
    ).map(({ low, high }) => [low, high]),
  }));
  return { type: 'variant', 'selector-field-location': location, options };
}

function arrayClass({ element, length }: ArrayType, names: readonly string[], place: Place): Json {
  const isUuid = place.scope === 'trace.packet.header' && names.join() === 'uuid';
  if (isUuid) return { type: 'static-length-blob', length, roles: ['metadata-stream-uuid'] };
  if (isCharacter(element)) return { type: 'static-length-string', length };
  const inner = fieldClass(element, [...names, ''], place);
  return { type: 'static-length-array', length, 'element-field-class': inner };
}

function sequenceClass(type: SequenceType, names: readonly string[], place: Place): Json {
  const { location } = located(type.length, place);
  if (isCharacter(type.element))
    return { type: 'dynamic-length-string', 'length-field-location': location };
  return {
    type: 'dynamic-length-array',
    'length-field-location': location,
    'element-field-class': fieldClass(type.element, [...names, ''], place),
  };
}

/** Where a path leads, from the root of a scope on. */
function located(
  path: FieldPath,
  { scope, open, roots }: Place,
): { location: Json; field: FieldType } {
  const [first, ...rest] = path;
  if (isScope(first)) {
    const field = fieldAt(roots.get(first)?.fields ?? [], rest);
    if (field !== undefined) return { location: { origin: ORIGINS[first], path: rest }, field };
  }
  for (const { names, fields } of [...open].reverse()) {
    const field = fieldAt(fields, path);
    const full = [...names.filter((name) => name !== ''), ...path];
    if (field !== undefined) return { location: { origin: ORIGINS[scope], path: full }, field };
  }
  throw new TraceFormatError(
    'ERR_TYPE',
    `expected a field that is written before, got the path ${path.join('.')}`,
  );
}

function fieldAt(fields: readonly NamedField[], path: FieldPath): FieldType | undefined {
  const [first, ...rest] = path;
  const type = fields.find(({ name }) => name === first)?.type;
  if (rest.length === 0 || type?.kind !== 'structure') return rest.length === 0 ? type : undefined;
  return fieldAt(type.fields, rest);
}
