import type { BitReader } from '../bits/bit-reader.js';
import { alignmentOf } from '../fields/field-type.js';
import type {
  FieldType,
  IntegerType,
  StructureType,
  ValueRange,
  VariantType,
} from '../fields/field-type.js';
import type { StreamClock } from './stream-clock.js';

/** What is read of an option: an id of its own, if it has one, and the time. */
interface HeaderOption {
  readonly name: string;
  readonly alignBits: number;
  readonly id: IntegerType | undefined;
  readonly time: IntegerType;
}

/** Ids that are looked up in a table; others by their labels each time. */
const TABLE_SIZE = 65536;

/**
 * Reads event headers of the usual form, an id and a variant that it chooses with the time in it, without making
 * an object of them.
 */
export class EventHeaderReader {
  /** Id of the event whose header was read last. */
  id = 0;
  readonly #container: IntegerType;
  readonly #alignBits: number;
  readonly #options: readonly HeaderOption[];
  readonly #ranges: readonly (readonly ValueRange[])[];
  /** For each id the number of its option from 1, 0 where that is not known yet, 255 where there is none. */
  readonly #optionOf = new Uint8Array(TABLE_SIZE);

  private constructor(
    header: StructureType,
    container: IntegerType,
    options: readonly HeaderOption[],
    ranges: readonly (readonly ValueRange[])[],
  ) {
    this.#alignBits = alignmentOf(header);
    this.#container = container;
    this.#options = options;
    this.#ranges = ranges;
  }

  /** @returns undefined for headers of another form */
  static of(header: StructureType | undefined): EventHeaderReader | undefined {
    const [id, variant, ...more] = header?.fields ?? [];
    if (id?.name !== 'id' || variant?.name !== 'v' || more.length > 0) return undefined;
    if (variant.type.kind !== 'variant') return undefined;
    const container = id.type.kind === 'enumeration' ? id.type.container : id.type;
    if (container.kind !== 'integer') return undefined;
    const { selectors } = variant.type;
    if (id.type.kind !== 'enumeration' && selectors === undefined) return undefined;
    const mappings = id.type.kind === 'enumeration' ? id.type.mappings : [];
    const isPlain =
      !container.isSigned && container.sizeBits <= 16 && container.clock === undefined;
    const options = optionsOf(variant.type);
    if (!isPlain || options === undefined) return undefined;
    const ranges =
      selectors ?? options.map(({ name }) => mappings.filter(({ label }) => label === name));
    return new EventHeaderReader(header!, container, options, ranges);
  }

  /**
   * Reads a header, and brings the clock forward.
   *
   * @returns false, with nothing read, for an id that chooses nothing
   */
  read(reader: BitReader, clock: StreamClock): boolean {
    const start = reader.position;
    reader.align(this.#alignBits);
    const { alignBits, sizeBits, byteOrder } = this.#container;
    reader.align(alignBits);
    const id = reader.readUnsigned(sizeBits, byteOrder);
    const option = this.#optionFor(id);
    if (option === undefined) {
      reader.position = start;
      return false;
    }
    reader.align(option.alignBits);
    this.id = option.id === undefined ? id : readInteger(reader, option.id);
    const { time } = option;
    const low = readInteger(reader, time);
    clock.advance(time.sizeBits, low, reader.high);
    return true;
  }

  #optionFor(id: number): HeaderOption | undefined {
    const known = this.#optionOf[id]!;
    if (known !== 0) return this.#options[known - 1];
    const wide = BigInt(id);
    const found = this.#ranges.findIndex((each) =>
      each.some(({ low, high }) => low <= wide && wide <= high),
    );
    this.#optionOf[id] = found < 0 ? 255 : found + 1;
    return this.#options[found];
  }
}

function readInteger(reader: BitReader, type: IntegerType): number {
  reader.align(type.alignBits);
  return reader.readWide(type.sizeBits, type.byteOrder);
}

function optionsOf({ tag, options }: VariantType): HeaderOption[] | undefined {
  if (tag.length !== 1 || tag[0] !== 'id' || options.length > 254) return undefined;
  const forms = options.map(({ name, type }) => optionOf(name, type));
  return forms.includes(undefined) ? undefined : (forms as HeaderOption[]);
}

function optionOf(name: string, type: FieldType): HeaderOption | undefined {
  if (type.kind !== 'structure') return undefined;
  const alignBits = alignmentOf(type);
  const [first, second] = type.fields;
  if (type.fields.length === 1 && isTime(first!))
    return { name, alignBits, id: undefined, time: first.type };
  if (type.fields.length !== 2 || first?.name !== 'id' || !isTime(second!)) return undefined;
  const { type: id } = first;
  const isId = id.kind === 'integer' && !id.isSigned && id.sizeBits <= 32 && id.clock === undefined;
  return isId ? { name, alignBits, id, time: second.type } : undefined;
}

function isTime(field: { readonly name: string; readonly type: FieldType }): field is {
  readonly name: string;
  readonly type: IntegerType & { readonly clock: string };
} {
  const { name, type } = field;
  return (
    name === 'timestamp' && type.kind === 'integer' && !type.isSigned && type.clock !== undefined
  );
}
