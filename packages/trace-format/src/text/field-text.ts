import { isCharacter } from '../fields/field-type.js';
import type { EnumerationType, FieldType, NamedField } from '../fields/field-type.js';
import type {
  EnumerationValue,
  FieldValue,
  StructureValue,
  VariantValue,
} from '../fields/field-value.js';
import { generalText, integerText } from './number-text.js';
import { quotedText } from './quoted-text.js';

/** Writes a value on one line. */
export type ValueText = (value: FieldValue) => string;

/** Makes a function that writes values of a type, as babeltrace2 does. */
function fieldText(type: FieldType): ValueText {
  switch (type.kind) {
    case 'integer':
      return integerText(type) as ValueText;
    case 'float':
      return (value) => generalText(value as number);
    case 'string':
      return (value) => quotedText(value as string);
    case 'enumeration':
      return enumerationText(type);
    case 'structure':
      return structureText(type.fields);
    case 'variant': {
      const options = new Map(type.options.map((option) => [option.name, fieldText(option.type)]));
      return (value) => {
        const { option, value: chosen } = value as VariantValue;
        return `{ ${options.get(option)!(chosen)} }`;
      };
    }
    case 'array':
    case 'sequence':
      return elementsText(type.element);
  }
}

/** Makes a function that writes fields of a structure: `{ x = 1, y = 2 }`. */
export function structureText(fields: readonly NamedField[]): ValueText {
  const parts = fields.map(({ name, type }, n) => ({
    name,
    lead: `${n === 0 ? ' ' : ', '}${name} = `,
    text: fieldText(type),
  }));
  return (value) => {
    let line = '{';
    for (const { name, lead, text } of parts) line += lead + text((value as StructureValue)[name]!);
    return `${line} }`;
  };
}

/** Labels come in the order in which the type first mentions them, each once. */
function enumerationText({ container, mappings }: EnumerationType): ValueText {
  const numberText = integerText(container);
  const order = [...new Set(mappings.map(({ label }) => label))];
  return (value) => {
    const { labels, value: number } = value as EnumerationValue;
    const sorted = labels.length > 1 ? order.filter((label) => labels.includes(label)) : labels;
    const shown = sorted.length === 0 ? '<unknown>' : sorted.map(quotedText).join(', ');
    return `( ${shown} : container = ${numberText(number)} )`;
  };
}

function elementsText(element: FieldType): ValueText {
  if (isCharacter(element)) return (value) => quotedText(value as string);
  const text = fieldText(element);
  return (value) => {
    let line = '[';
    for (const [n, each] of (value as readonly FieldValue[]).entries())
      line += `${n === 0 ? ' ' : ', '}[${n}] = ${text(each)}`;
    return `${line} ]`;
  };
}
