import type { FieldType } from '../fields/field-type.js';

/** Counts of types that consist of others: one that is named and used again is counted once. */
const COUNTS = new WeakMap<FieldType, number>();

/** How many types a type consists of, those that it uses twice counted twice. */
export function typeCount(type: FieldType): number {
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'string':
    case 'enumeration':
      return 1;
    case 'structure':
      return remembered(type, () => sum(type.fields.map((field) => field.type)));
    case 'variant':
      return remembered(type, () => sum(type.options.map((option) => option.type)));
    case 'array':
    case 'sequence':
      return 1 + typeCount(type.element);
  }
}

function remembered(type: FieldType, count: () => number): number {
  let known = COUNTS.get(type);
  if (known === undefined) COUNTS.set(type, (known = 1 + count()));
  return known;
}

function sum(types: readonly FieldType[]): number {
  return types.reduce((total, type) => total + typeCount(type), 0);
}
