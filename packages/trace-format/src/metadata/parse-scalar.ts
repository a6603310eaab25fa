import type {
  ByteOrder,
  DisplayBase,
  FloatType,
  IntegerType,
  StringType,
  TextEncoding,
} from '../fields/field-type.js';
import { parseAttributes, truthOf } from './attributes.js';
import type { Attribute } from './attributes.js';
import { integerType } from './integer-types.js';
import type { TokenStream } from './token-stream.js';

const BYTE_ORDERS: Readonly<Record<string, ByteOrder>> = { le: 'le', be: 'be', network: 'be' };

const BASES: Readonly<Record<string, DisplayBase>> = {
  ...{ decimal: 10, dec: 10, d: 10, i: 10, u: 10, '10': 10 },
  ...{ hexadecimal: 16, hex: 16, x: 16, X: 16, p: 16, '16': 16 },
  ...{ octal: 8, oct: 8, o: 8, '8': 8 },
  ...{ binary: 2, b: 2, '2': 2 },
};

const ENCODINGS: Readonly<Record<string, TextEncoding>> = {
  none: 'none',
  UTF8: 'UTF8',
  utf8: 'UTF8',
  'UTF-8': 'UTF8',
  'utf-8': 'UTF8',
  ASCII: 'ASCII',
  ascii: 'ASCII',
};

/** Reads what follows `integer`. @source CTF 1.8, 4.1.5 */
export function parseInteger(tokens: TokenStream, native: ByteOrder): IntegerType {
  const start = tokens.peek();
  const attributes = parseAttributes(tokens);
  const size = attributes.get('size');
  if (size === undefined) tokens.fail('the size of the integer', start);
  const sizeBits = numberOf(size, tokens, 1, 64);
  const plain = integerType(sizeBits, { byteOrder: native });
  let type: IntegerType = plain;
  for (const [name, value] of attributes)
    switch (name) {
      case 'size':
        break;
      case 'signed':
        type = { ...type, isSigned: truthOf(value, tokens) };
        break;
      case 'align':
        type = { ...type, alignBits: alignmentFrom(value, tokens) };
        break;
      case 'byte_order':
        type = { ...type, byteOrder: byteOrderFrom(value, tokens, native) };
        break;
      case 'base':
        type = { ...type, base: choose(value, BASES, 'a base', tokens) };
        break;
      case 'encoding':
        type = { ...type, encoding: choose(value, ENCODINGS, 'an encoding', tokens) };
        break;
      case 'map':
        type = { ...type, clock: clockOf(value, tokens) };
        break;
      default:
        tokens.fail(`an attribute of an integer, not ${name}`, value.token);
    }
  return type;
}

/** Reads what follows `floating_point`. @source CTF 1.8, 4.1.7 */
export function parseFloat64(tokens: TokenStream, native: ByteOrder): FloatType {
  const start = tokens.peek();
  const attributes = parseAttributes(tokens);
  const bits = (name: string): number => {
    const value = attributes.get(name);
    return value === undefined ? tokens.fail(name, start) : numberOf(value, tokens, 1, 64);
  };
  const digits = [bits('exp_dig'), bits('mant_dig')].join('+');
  if (digits !== '8+24' && digits !== '11+53')
    tokens.fail('a float of 8+24 or 11+53 digits', start);
  const order = attributes.get('byte_order');
  const align = attributes.get('align');
  return {
    kind: 'float',
    sizeBits: digits === '8+24' ? 32 : 64,
    alignBits: align === undefined ? 8 : alignmentFrom(align, tokens),
    byteOrder: order === undefined ? native : byteOrderFrom(order, tokens, native),
  };
}

/** Reads what follows `string`, which may be nothing. @source CTF 1.8, 4.2.5 */
export function parseString(tokens: TokenStream): StringType {
  if (!tokens.is('{')) return { kind: 'string', encoding: 'UTF8' };
  const encoding = parseAttributes(tokens).get('encoding');
  const chosen =
    encoding === undefined ? 'UTF8' : choose(encoding, ENCODINGS, 'an encoding', tokens);
  return { kind: 'string', encoding: chosen === 'ASCII' ? 'ASCII' : 'UTF8' };
}

/** The byte order that an attribute names; `native` is that of the trace. */
export function byteOrderFrom(value: Attribute, tokens: TokenStream, native: ByteOrder): ByteOrder {
  return choose(value, { ...BYTE_ORDERS, native }, 'a byte order', tokens);
}

/** A number of an attribute within bounds. */
function numberOf(value: Attribute, tokens: TokenStream, least: number, most: number): number {
  const number = value.integer === undefined ? NaN : Number(value.integer);
  return number >= least && number <= most
    ? number
    : tokens.fail(`a number from ${least} to ${most}`, value.token);
}

/** An alignment: a power of two. */
export function alignmentFrom(value: Attribute, tokens: TokenStream): number {
  const bits = numberOf(value, tokens, 1, 2 ** 30);
  return Number.isInteger(Math.log2(bits))
    ? bits
    : tokens.fail('an alignment that is a power of two', value.token);
}

/** The clock of `clock.NAME.value`. */
function clockOf({ text, token }: Attribute, tokens: TokenStream): string {
  const name = /^clock\.(\w+)(?:\.value)?$/.exec(text ?? '')?.[1];
  return name ?? tokens.fail('clock.NAME.value', token);
}

function choose<Value>(
  { text, integer, token }: Attribute,
  values: Readonly<Record<string, Value>>,
  what: string,
  tokens: TokenStream,
): Value {
  const key = text ?? String(integer);
  return Object.hasOwn(values, key)
    ? values[key]!
    : tokens.fail(`${what} (${Object.keys(values).join(', ')})`, token);
}
