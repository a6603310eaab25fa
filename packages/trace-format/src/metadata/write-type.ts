import type {
  EnumerationType,
  FieldPath,
  FieldType,
  IntegerType,
  NamedField,
} from '../fields/field-type.js';
import { isScope } from '../fields/scope.js';

/** How names are written: payload names get an underscore in front, which readers drop. */
export interface NameStyle {
  readonly underscore: boolean;
}

/** Scopes whose names are the format's own, and have no underscore. */
const FORMAT_SCOPES = new Set([
  'trace.packet.header',
  'stream.packet.context',
  'stream.event.header',
]);

/** A type as metadata has it, in front of a name. */
export function typeText(type: FieldType, style: NameStyle, indent: string): string {
  switch (type.kind) {
    case 'integer':
      return integerText(type);
    case 'float':
      return (
        `floating_point { exp_dig = ${type.sizeBits === 32 ? 8 : 11}; ` +
        `mant_dig = ${type.sizeBits === 32 ? 24 : 53}; ` +
        `byte_order = ${type.byteOrder}; align = ${type.alignBits}; }`
      );
    case 'string':
      return `string { encoding = ${type.encoding}; }`;
    case 'enumeration':
      return enumerationText(type, indent);
    case 'structure': {
      const align = type.minAlignBits > 1 ? ` align(${type.minAlignBits})` : '';
      return `struct ${bodyText(type.fields, style, indent)}${align}`;
    }
    case 'variant':
      return `variant <${pathText(type.tag, style)}> ${optionsText(type.options, style, indent)}`;
    case 'array':
    case 'sequence':
      // What stands behind the name is `dimensionsText`.
      return typeText(type.element, style, indent);
  }
}

/** A field as metadata has it: `uint32_t _name[16];` */
function fieldText(
  { name, type }: NamedField,
  style: NameStyle,
  indent: string,
  written: string = nameText(name, style),
): string {
  return `${indent}${typeText(type, style, indent)} ${written}${dimensionsText(type, style)};\n`;
}

/** Text in quotes, with what cannot stand there escaped. */
export function quoted(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

function nameText(name: string, { underscore }: NameStyle): string {
  return underscore || name.startsWith('_') ? `_${name}` : name;
}

function pathText(path: FieldPath, style: NameStyle): string {
  const [first, ...rest] = path;
  if (!isScope(first)) return path.map((name) => nameText(name, style)).join('.');
  const inScope = { underscore: !FORMAT_SCOPES.has(first) };
  return [first, ...rest.map((name) => nameText(name, inScope))].join('.');
}

function dimensionsText(type: FieldType, style: NameStyle): string {
  if (type.kind === 'array') return `[${type.length}]${dimensionsText(type.element, style)}`;
  if (type.kind === 'sequence')
    return `[${pathText(type.length, style)}]${dimensionsText(type.element, style)}`;
  return '';
}

function bodyText(fields: readonly NamedField[], style: NameStyle, indent: string): string {
  const inner = `${indent}\t`;
  return `{\n${fields.map((field) => fieldText(field, style, inner)).join('')}${indent}}`;
}

/** Options of a variant, each named exactly as the label that chooses it. */
function optionsText(options: readonly NamedField[], style: NameStyle, indent: string): string {
  const lines = options.map((option) => fieldText(option, style, `${indent}\t`, option.name));
  return `{\n${lines.join('')}${indent}}`;
}

function integerText(type: IntegerType): string {
  const parts = [
    `size = ${type.sizeBits}`,
    `align = ${type.alignBits}`,
    `signed = ${type.isSigned ? 1 : 0}`,
    `encoding = ${type.encoding}`,
    `base = ${type.base}`,
    `byte_order = ${type.byteOrder}`,
    ...(type.clock === undefined ? [] : [`map = clock.${type.clock}.value`]),
  ];
  return `integer { ${parts.join('; ')}; }`;
}

function enumerationText({ container, mappings }: EnumerationType, indent: string): string {
  const lines = mappings.map(({ label, low, high }) => {
    const range = low === high ? `${low}` : `${low} ... ${high}`;
    return `${indent}\t${quoted(label)} = ${range},\n`;
  });
  return `enum : ${integerText(container)} {\n${lines.join('')}${indent}}`;
}
