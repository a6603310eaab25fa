import { isCharacter } from './field-type.js';
import type { ByteNumber } from './byte-layout.js';
import type { EnumerationType, FieldType, IntegerType, StructureType } from './field-type.js';
import { evaluate } from './generated-code.js';

/**
 * The text of a function that writes structures of bytes, one behind the other: it looks at all values, then at
 * whether they fit, and then writes them.
 *
 * Names in it: `w` the bit writer, `v` its view, `b` the byte that offsets are counted from, `n` how many are
 * needed, `x0`, `x1`, ... values.
 */
export class WriterText {
  readonly #constants: Record<string, unknown> = { labelValue };
  readonly #checks: string[] = [];
  readonly #writes: string[] = [];
  readonly #leave: string;
  /** Bytes of all that always takes as many. */
  #fixedBytes = 0;
  /** Bytes behind `b` of what is written next. */
  #offset = 0;
  #count = 0;

  /** @param leave - a statement that leaves it all to others, nothing having been written */
  constructor(leave: string) {
    this.#leave = leave;
  }

  /** Writes a structure for which {@link isByteStructure} holds. */
  scope(type: StructureType, from: string): void {
    this.#check(`typeof ${from} !== 'object' || ${from} === null`);
    for (const field of type.fields)
      this.#field(field.type, `${from}[${JSON.stringify(field.name)}]`);
  }

  /** Writes a number of so many bytes by a method of a view. */
  put(method: string, value: string, bytes: number, isLittle: boolean): void {
    this.#writes.push(`v.${method}(b + ${this.#offset}, ${value}, ${isLittle});`);
    this.#offset += bytes;
    this.#fixedBytes += bytes;
  }

  /**
   * The function.
   *
   * @param before - statements in front of all
   * @param after - statements when all is written
   * @param constants - what the text may name: `putAscii`, and what its own statements do
   * @returns undefined where the host forbids code from strings
   */
  evaluate(
    parameters: string,
    text: {
      readonly before?: string;
      readonly after?: string;
      readonly constants: Readonly<Record<string, unknown>>;
    },
  ): unknown {
    const { before = '', after = '', constants } = text;
    const body = `return (${parameters}) => {
      ${before}
      let n = ${this.#fixedBytes};
      ${this.#checks.join('\n')}
      const v = w.view;
      const start = (w.position + 7) >>> 3;
      let b = start;
      if (b + n > v.byteLength) { ${this.#leave} }
      ${this.#writes.join('\n')}
      w.position = (b + ${this.#offset}) * 8;
      ${after}
    }`;
    return evaluate(body, { ...this.#constants, ...constants });
  }

  #check(refusal: string): void {
    this.#checks.push(`if (${refusal}) { ${this.#leave} }`);
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
        this.scope(type, name);
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
    const bytes = type.sizeBits / 8;
    this.#check(refusalText(type, name));
    this.#writes.push(numberText(type, name, this.#offset));
    this.#offset += bytes;
    this.#fixedBytes += bytes;
  }

  /** Text of ASCII characters in so many bytes, zeros behind it; other text takes back what was written. */
  #text(name: string, from: string, bytes: string, refusal: string): void {
    this.#checks.push(`const ${name} = ${from};`);
    this.#check(`typeof ${name} !== 'string' ${refusal}`);
    this.#checks.push(`n += ${bytes};`);
    this.#moveOn('0');
    this.#writes.push(
      `if (!putAscii(v, b, ${name})) { w.bytes.fill(0, start, start + n); ${this.#leave} }`,
    );
    this.#moveOn(bytes);
  }

  #elements(type: ByteNumber, name: string, from: string, refusal: string): void {
    const loop = `for (let i = 0; i < ${name}.length; i++) { const each = ${name}[i];`;
    this.#checks.push(`const ${name} = ${from};`);
    this.#check(`!Array.isArray(${name}) || ${name}.length ${refusal}`);
    this.#checks.push(
      `${loop} if (${refusalText(type, 'each')}) { ${this.#leave} } }`,
      `n += ${name}.length * ${type.sizeBits / 8};`,
    );
    this.#moveOn('0');
    this.#writes.push(`${loop} ${numberText(type, 'each', 0)} b += ${type.sizeBits / 8}; }`);
  }

  /** Counts offsets from behind what was written, and so many bytes more. */
  #moveOn(bytes: string): void {
    const by = this.#offset === 0 ? bytes : `${this.#offset} + ${bytes}`;
    if (by !== '0') this.#writes.push(`b += ${by};`);
    this.#offset = 0;
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

/** Whether something is no value of the type, or one that is left to the reference. */
function refusalText(type: ByteNumber, name: string): string {
  const isNumber = `typeof ${name} === 'number'`;
  if (type.kind === 'float') return `!(${isNumber})`;
  if (type.sizeBits < 64) return `!(${isNumber} && ${fitsText(type, name)})`;
  const sign = type.isSigned ? '' : ` && ${name} >= 0`;
  return `!(Number.isSafeInteger(${name})${sign} || ${wideText(type, name)})`;
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
function numberText(type: ByteNumber, name: string, offset: number): string {
  const { sizeBits } = type;
  const isLittle = type.byteOrder === 'le';
  const put = (method: string, value: string, behind = 0): string =>
    `v.${method}(b + ${offset + behind}, ${value}, ${isLittle});`;
  if (type.kind === 'float') return put(`setFloat${sizeBits}`, name);
  if (sizeBits < 64) return put(`setUint${sizeBits}`, name);
  const [low, high] = isLittle ? [0, 4] : [4, 0];
  return (
    `if (typeof ${name} === 'number') { ${put('setUint32', `${name} >>> 0`, low)} ` +
    `${put('setUint32', `Math.floor(${name} / 0x100000000)`, high)} } ` +
    `else ${put('setBigUint64', `BigInt.asUintN(64, ${name})`)}`
  );
}

/** The number that a value of an enumeration stands for: of itself, of a label, or as it is read. */
function labelValue(labels: ReadonlyMap<string, number>, value: unknown): unknown {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return labels.get(value);
  const isRead = typeof value === 'object' && value !== null && 'labels' in value;
  return isRead ? (value as { readonly value?: unknown }).value : undefined;
}
