import type { BitWriter } from '../bits/bit-writer.js';
import { isByteStructure } from './byte-layout.js';
import type { ByteNumber } from './byte-layout.js';
import { isCharacter } from './field-type.js';
import type { EnumerationType, FieldType, IntegerType, StructureType } from './field-type.js';
import type { FieldValue } from './field-value.js';
import { evaluate } from './generated-code.js';

/** Writes all fields of a scope. */
export type StructureWriter = (writer: BitWriter, value: FieldValue) => void;

/**
 * Makes a faster writer of the same structure, where code can be generated for it.
 *
 * It looks at all values before it writes the first; what is not as it usually is (text that is not ASCII, a
 * value that is wrong) it leaves to `write`. Code is generated when the first value is written.
 */
export function acceleratedWriter(type: StructureType, write: StructureWriter): StructureWriter {
  if (!isByteStructure(type)) return write;
  let chosen: StructureWriter = (writer, value) => {
    chosen = new WriterText(type).evaluate(write) ?? write;
    chosen(writer, value);
  };
  return (writer, value) => {
    chosen(writer, value);
  };
}

const LEAVE_TO_SLOW = 'return slow(w, value);';

/**
 * The text of a writer.
 *
 * Names in it: `w` the bit writer, `v` its view, `b` the byte that is written next, `n` how many are needed,
 * `x0`, `x1`, ... values.
 */
class WriterText {
  readonly #constants: Record<string, unknown> = { labelValue, putAscii };
  readonly #checks: string[] = [];
  readonly #writes: string[] = [];
  #fixedBytes = 0;
  #count = 0;

  constructor(type: StructureType) {
    this.#structure(type, 'value');
  }

  evaluate(slow: StructureWriter): StructureWriter | undefined {
    const body = `return (w, value) => {
      let n = ${this.#fixedBytes};
      ${this.#checks.join('\n')}
      w.align(8);
      const v = w.view;
      const start = w.position / 8;
      let b = start;
      if (b + n > v.byteLength) { w.hasOverflowed = true; return; }
      ${this.#writes.join('\n')}
      w.position = b * 8;
    }`;
    return evaluate(body, { ...this.#constants, slow }) as StructureWriter | undefined;
  }

  #structure(type: StructureType, from: string): void {
    this.#checks.push(`if (typeof ${from} !== 'object' || ${from} === null) ${LEAVE_TO_SLOW}`);
    for (const field of type.fields)
      this.#field(field.type, `${from}[${JSON.stringify(field.name)}]`);
  }

  #field(type: FieldType, from: string): void {
    const name = `x${this.#count++}`;
    switch (type.kind) {
      case 'integer':
      case 'float':
        this.#checks.push(`const ${name} = ${from};`);
        this.#number(type, name);
        break;
      case 'enumeration':
        this.#checks.push(`const ${name} = labelValue(${this.#labels(type)}, ${from});`);
        this.#number(type.container, name);
        break;
      case 'structure':
        this.#checks.push(`const ${name} = ${from};`);
        this.#structure(type, name);
        break;
      case 'string':
        this.#text(name, from, `${name}.length + 1`, '');
        break;
      case 'array':
        if (isCharacter(type.element))
          this.#text(name, from, String(type.length), `|| ${name}.length > ${type.length}`);
        else this.#elements(type.element as ByteNumber, name, from, `!== ${type.length}`);
        break;
      case 'sequence':
        if (isCharacter(type.element)) this.#text(name, from, `${name}.length`, '');
        else this.#elements(type.element as ByteNumber, name, from, '< 0');
        break;
      case 'variant':
        throw new TypeError('expected a structure of bytes, got a variant');
    }
  }

  #number(type: ByteNumber, name: string): void {
    this.#fixedBytes += type.sizeBits / 8;
    this.#checks.push(checkText(type, name));
    this.#writes.push(numberText(type, name));
  }

  /** Text of ASCII characters in so many bytes, zeros behind it; other text takes back what was written. */
  #text(name: string, from: string, bytes: string, refusal: string): void {
    this.#checks.push(
      `const ${name} = ${from};`,
      `if (typeof ${name} !== 'string' ${refusal}) ${LEAVE_TO_SLOW}`,
      `n += ${bytes};`,
    );
    this.#writes.push(
      `if (!putAscii(w.bytes, b, ${name})) { w.bytes.fill(0, start, start + n); ${LEAVE_TO_SLOW} }`,
      `b += ${bytes};`,
    );
  }

  #elements(type: ByteNumber, name: string, from: string, refusal: string): void {
    this.#checks.push(
      `const ${name} = ${from};`,
      `if (!Array.isArray(${name}) || ${name}.length ${refusal}) ${LEAVE_TO_SLOW}`,
      `for (let i = 0; i < ${name}.length; i++) { const each = ${name}[i]; ${checkText(type, 'each')} }`,
      `n += ${name}.length * ${type.sizeBits / 8};`,
    );
    this.#writes.push(
      `for (let i = 0; i < ${name}.length; i++) { const each = ${name}[i]; ${numberText(type, 'each')} }`,
    );
  }

  #labels({ mappings }: EnumerationType): string {
    const name = `labels${this.#count}`;
    // The first mapping of a label is the one that it stands for.
    this.#constants[name] = new Map(
      [...mappings].reverse().map(({ label, low }) => [label, Number(low)]),
    );
    return name;
  }
}

/** A statement that leaves what is no value of the type to the reference. */
function checkText(type: ByteNumber, name: string): string {
  const isNumber = `typeof ${name} === 'number'`;
  if (type.kind === 'float') return `if (!(${isNumber})) ${LEAVE_TO_SLOW}`;
  if (type.sizeBits < 64) return `if (!(${isNumber} && ${fitsText(type, name)})) ${LEAVE_TO_SLOW}`;
  const sign = type.isSigned ? '' : ` && ${name} >= 0`;
  return `if (!(Number.isSafeInteger(${name})${sign} || ${wideText(type, name)})) ${LEAVE_TO_SLOW}`;
}

function fitsText({ sizeBits, isSigned }: IntegerType, name: string): string {
  if (sizeBits === 32)
    return isSigned ? `(${name} | 0) === ${name}` : `(${name} >>> 0) === ${name}`;
  if (!isSigned) return `(${name} & ${2 ** sizeBits - 1}) === ${name}`;
  return `(${name} << ${32 - sizeBits} >> ${32 - sizeBits}) === ${name}`;
}

function wideText({ isSigned }: IntegerType, name: string): string {
  const fit = isSigned ? 'asIntN' : 'asUintN';
  return `(typeof ${name} === 'bigint' && BigInt.${fit}(64, ${name}) === ${name})`;
}

/** A statement that writes a number that was checked. */
function numberText(type: ByteNumber, name: string): string {
  const { sizeBits } = type;
  const isLittle = type.byteOrder === 'le';
  const put = (method: string, value: string, offset = 0): string =>
    `v.${method}(b + ${offset}, ${value}, ${isLittle});`;
  const next = `b += ${sizeBits / 8};`;
  if (type.kind === 'float') return `${put(`setFloat${sizeBits}`, name)} ${next}`;
  if (sizeBits < 64) return `${put(`setUint${sizeBits}`, name)} ${next}`;
  const [low, high] = isLittle ? [0, 4] : [4, 0];
  return (
    `if (typeof ${name} === 'number') { ${put('setUint32', `${name} >>> 0`, low)} ` +
    `${put('setUint32', `Math.floor(${name} / 0x100000000)`, high)} } ` +
    `else v.setBigUint64(b, BigInt.asUintN(64, ${name}), ${isLittle}); ${next}`
  );
}

/** Writes text of ASCII characters. @returns false for other text, of which the bytes are wrong */
function putAscii(bytes: Uint8Array, at: number, text: string): boolean {
  let bits = 0;
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    // A zero byte becomes negative: all bits.
    bits |= code | (code - 1);
    bytes[at + n] = code;
  }
  return (bits & ~0x7f) === 0;
}

/** The number that a value of an enumeration stands for: of itself, of a label, or as it is read. */
function labelValue(labels: ReadonlyMap<string, number>, value: unknown): unknown {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return labels.get(value);
  const isRead = typeof value === 'object' && value !== null && 'labels' in value;
  return isRead ? (value as { readonly value?: unknown }).value : undefined;
}
