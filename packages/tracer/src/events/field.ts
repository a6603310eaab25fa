import type { Operation, Thread } from '@rseqlab/sim-machine';
import { integerType } from '@rseqlab/trace-format';
import type { DisplayBase, FieldType, IntegerType } from '@rseqlab/trace-format';
import { TracerError } from '../tracer-error.js';
import type { PayloadReader } from './payload-reader.js';
import type { PayloadWriter } from './payload-writer.js';

/**
 * The type of a field: what values it takes, how they lie in a record, and how a trace describes them.
 *
 * `Value` is evidence for the compiler: what a program has to give.
 */
export interface Field<Value> {
  /** How traces describe it. A sequence has its length in a field of its own in front. */
  readonly type: FieldType;
  /** That the value is an integer of at most 32 bits, and `write` appends just that. */
  readonly isNarrow?: boolean;
  /** Where its length is told, for a sequence: name of the field is the sequence's with this behind. */
  readonly lengthType?: IntegerType;
  /**
   * Fetches what the value stands for, from the memory of the thread that emits; `write` is given what this
   * returns.
   */
  fetch?(t: Thread, value: Value): Operation<unknown>;
  /** Appends a value; the writer's error says which field was wrong. */
  write(writer: PayloadWriter, value: Value): void;
  /** Takes a value as `trace-format` writes it. */
  read(reader: PayloadReader): unknown;
}

/** The value that a field takes. */
export type ValueOf<AnyField> = AnyField extends Field<infer Value> ? Value : never;

/** How an integer is shown. */
export interface IntegerOptions {
  /** Default 10. */
  readonly base?: DisplayBase;
}

function narrow(sizeBits: 8 | 16 | 32, isSigned: boolean, options: IntegerOptions): Field<number> {
  const low = isSigned ? -(2 ** (sizeBits - 1)) : 0;
  const high = 2 ** (isSigned ? sizeBits - 1 : sizeBits) - 1;
  const expected = `an integer from ${low} to ${high}`;
  return {
    type: integerType(sizeBits, { isSigned, base: options.base ?? 10 }),
    isNarrow: true,
    write(writer, value) {
      if (!Number.isInteger(value) || value < low || value > high) throw refused(expected, value);
      writer.integer(value, sizeBits);
    },
    read: (reader) => reader.integer(sizeBits, isSigned),
  };
}

function wide(isSigned: boolean, options: IntegerOptions): Field<number | bigint> {
  const low = isSigned ? -(2n ** 63n) : 0n;
  const high = isSigned ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  const expected = `a safe integer or a bigint from ${low} to ${high}`;
  return {
    type: integerType(64, { isSigned, base: options.base ?? 10 }),
    write(writer, value) {
      const number =
        typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value) : undefined;
      if (number === undefined || number < low || number > high) throw refused(expected, value);
      writer.wide(number);
    },
    read: (reader) => reader.wide(isSigned),
  };
}

/** An unsigned integer of 8 bits. */
export const u8 = (options: IntegerOptions = {}): Field<number> => narrow(8, false, options);
/** An unsigned integer of 16 bits. */
export const u16 = (options: IntegerOptions = {}): Field<number> => narrow(16, false, options);
/** An unsigned integer of 32 bits. */
export const u32 = (options: IntegerOptions = {}): Field<number> => narrow(32, false, options);
/** A signed integer of 8 bits. */
export const i8 = (options: IntegerOptions = {}): Field<number> => narrow(8, true, options);
/** A signed integer of 16 bits. */
export const i16 = (options: IntegerOptions = {}): Field<number> => narrow(16, true, options);
/** A signed integer of 32 bits. */
export const i32 = (options: IntegerOptions = {}): Field<number> => narrow(32, true, options);
/** An unsigned integer of 64 bits. */
export const u64 = (options: IntegerOptions = {}): Field<number | bigint> => wide(false, options);
/** A signed integer of 64 bits. */
export const i64 = (options: IntegerOptions = {}): Field<number | bigint> => wide(true, options);

/** What was expected of a value, and what came; whoever knows the field adds its name. @internal */
export function refused(expected: string, value: unknown): TracerError {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const got = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  return new TracerError('ERR_VALUE', `expected ${expected}, got ${got}`);
}
