import { evaluate } from '@rseqlab/trace-format';
import type { IntegerType } from '@rseqlab/trace-format';
import type { EventFields } from './event-definition.js';

/**
 * Lays the values of an event out as words, one field behind the other.
 *
 * @param words what they are put into; nothing else is in it then
 * @returns false where a value is not one of its field: some words may have been written
 */
export type NarrowPayload = (values: Readonly<Record<string, unknown>>, words: number[]) => boolean;

/** Most fields of which code is generated. */
const MAX_FIELDS = 32;

/**
 * Code that lays out the values of an event of which all fields are integers of at most 32 bits: by name and place, where
 * the general way asks every field.
 *
 * @returns undefined for other events, and where the host forbids code from strings
 */
export function narrowPayload(fields: EventFields): NarrowPayload | undefined {
  const entries = Object.entries(fields);
  if (entries.length > MAX_FIELDS || entries.some(([, { isNarrow }]) => isNarrow !== true))
    return undefined;
  const words: string[][] = [];
  let bit = 0;
  const checks = entries.map(([name, { type }], n) => {
    const { sizeBits, isSigned } = type as IntegerType;
    const value = `v${n}`;
    const bits = sizeBits === 32 ? value : `(${value}&${2 ** sizeBits - 1})`;
    const [word, shift] = [bit >>> 5, bit & 31];
    (words[word] ??= []).push(shift === 0 ? bits : `${bits}<<${shift}`);
    if (shift + sizeBits > 32) (words[word + 1] ??= []).push(`${bits}>>>${32 - shift}`);
    bit += sizeBits;
    const unfit = `typeof ${value}!=='number'||${inRange(value, sizeBits, isSigned)}!==${value}`;
    return `const ${value}=values[${JSON.stringify(name)}];if(${unfit})return false;`;
  });
  const stores = words.map((parts, n) => `words[${n}]=${parts.join('|')}|0;`);
  const body = `return function narrowPayload(values,words){
    ${checks.join('\n')}
    ${stores.join('')}if(words.length!==${words.length})words.length=${words.length};
    return true;
  }`;
  return evaluate(body, {}) as NarrowPayload | undefined;
}

/** What a number is made by being put into so many bits. */
function inRange(value: string, sizeBits: number, isSigned: boolean): string {
  if (sizeBits === 32) return isSigned ? `(${value}|0)` : `(${value}>>>0)`;
  const unused = 32 - sizeBits;
  return `(${value}<<${unused}${isSigned ? '>>' : '>>>'}${unused})`;
}
