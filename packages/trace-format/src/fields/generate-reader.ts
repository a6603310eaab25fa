import type { BitReader } from '../bits/bit-reader.js';
import { isByteStructure } from './byte-layout.js';
import type { ByteNumber } from './byte-layout.js';
import { labelFinder } from './enumeration-labels.js';
import { isCharacter } from './field-type.js';
import type { FieldType, StructureType } from './field-type.js';
import type { StructureValue } from './field-value.js';
import { evaluate } from './generated-code.js';
import type { ScopeValues } from './scope.js';

/** Reads all fields of a scope. */
export type StructureReader = (reader: BitReader, values: ScopeValues) => StructureValue;

/**
 * Makes a faster reader of the same structure, where code can be generated for it.
 *
 * It does what `read` does, a bounds check for each run of fields of fixed sizes; at the end of the packet it
 * leaves it to `read` to say what is missing. Code is generated when the first value is read.
 */
export function acceleratedReader(type: StructureType, read: StructureReader): StructureReader {
  if (!isByteStructure(type)) return read;
  let chosen: StructureReader = (reader, values) => {
    chosen = new ReaderText(type).evaluate(read) ?? read;
    return chosen(reader, values);
  };
  return (reader, values) => chosen(reader, values);
}

/**
 * The text of a reader.
 *
 * Names in it: `r` the bit reader, `v` its view, `b` the byte where the present run begins, `e` the byte that
 * it ends before, `x0`, `x1`, ... values. `#offset` is where in the run the next field is.
 */
class ReaderText {
  readonly #constants: Record<string, unknown> = {};
  readonly #lines: string[] = [];
  readonly #result: string;
  #offset = 0;
  #runLine = 0;
  #count = 0;

  constructor(type: StructureType) {
    this.#beginRun();
    this.#result = this.#structure(type);
    this.#endRun();
  }

  evaluate(slow: StructureReader): StructureReader | undefined {
    const body = `return (r, values) => {
      r.align(8);
      const v = r.view, start = r.position, e = r.limit / 8;
      let b = start / 8;
      ${this.#lines.join('\n')}
      r.position = b * 8;
      return ${this.#result};
    }`;
    return evaluate(body, { ...this.#constants, slow }) as StructureReader | undefined;
  }

  /** Fields of fixed size share one check, whose size is known when the run ends. */
  #beginRun(): void {
    this.#offset = 0;
    this.#runLine = this.#lines.push('') - 1;
  }

  #endRun(): void {
    if (this.#offset === 0) return;
    this.#lines[this.#runLine] = `if (b + ${this.#offset} > e) ${LEAVE_TO_SLOW}`;
    this.#lines.push(`b += ${this.#offset};`);
  }

  #structure(type: StructureType): string {
    const names = new Map<string, string>();
    const parts = type.fields.map((field) => {
      const value = this.#value(field.type, names);
      names.set(field.name, value);
      return `${JSON.stringify(field.name)}: ${value}`;
    });
    return `{ ${parts.join(', ')} }`;
  }

  /** @returns the text of an expression that is the value */
  #value(type: FieldType, names: ReadonlyMap<string, string>): string {
    switch (type.kind) {
      case 'integer':
      case 'float': {
        const name = this.#name();
        this.#lines.push(numberText(name, type, `b + ${this.#offset}`));
        this.#offset += type.sizeBits / 8;
        return name;
      }
      case 'enumeration': {
        const value = this.#value(type.container, names);
        const labels = `labels${this.#count}`;
        this.#constants[labels] = labelFinder(type);
        return `{ value: ${value}, labels: ${labels}(${value}) }`;
      }
      case 'structure':
        return this.#structure(type);
      case 'string':
        return this.#called('r.readString()');
      case 'array':
        return this.#elements(type.element, String(type.length));
      case 'sequence':
        return this.#elements(type.element, `Number(${names.get(type.length[0]!)})`);
      case 'variant':
        throw new TypeError('expected a structure of bytes, got a variant');
    }
  }

  #elements(element: FieldType, length: string): string {
    if (isCharacter(element)) return this.#called(`r.readText(${length})`);
    const type = element as ByteNumber;
    const [bytes, name, count] = [type.sizeBits / 8, this.#name(), this.#name()];
    this.#endRun();
    this.#lines.push(
      `const ${count} = ${length}; if (b + ${count} * ${bytes} > e) ${LEAVE_TO_SLOW}`,
      `const ${name} = []; for (let n = 0; n < ${count}; n++, b += ${bytes}) {`,
      `${numberText('each', type, 'b')} ${name}.push(each); }`,
    );
    this.#beginRun();
    return name;
  }

  /** A value that a method of the bit reader reads. */
  #called(call: string): string {
    const name = this.#name();
    this.#endRun();
    this.#lines.push(`r.position = b * 8; const ${name} = ${call}; b = r.position / 8;`);
    this.#beginRun();
    return name;
  }

  #name(): string {
    return `x${this.#count++}`;
  }
}

/** The reference says what is missing. */
const LEAVE_TO_SLOW = '{ r.position = start; return slow(r, values); }';

/** A statement that defines a number which is read at a byte. */
function numberText(name: string, type: ByteNumber, byte: string): string {
  const isLittle = String(type.byteOrder === 'le');
  const at = (method: string, offset = 0): string =>
    `v.${method}(${byte} + ${offset}, ${isLittle})`;
  if (type.kind === 'float') return `const ${name} = ${at(`getFloat${type.sizeBits}`)};`;
  const { sizeBits, isSigned, byteOrder } = type;
  const sign = isSigned ? 'Int' : 'Uint';
  if (sizeBits < 64) return `const ${name} = ${at(`get${sign}${sizeBits}`)};`;
  const [low, high] = byteOrder === 'le' ? [0, 4] : [4, 0];
  return (
    `const ${name}h = ${at(`get${sign}32`, high)}, ${name}l = ${at('getUint32', low)}; ` +
    `const ${name} = ${name}h >= -0x200000 && ${name}h < 0x200000 ? ${name}h * 0x100000000 + ${name}l : ` +
    `(BigInt(${name}h) << 32n) | BigInt(${name}l);`
  );
}
