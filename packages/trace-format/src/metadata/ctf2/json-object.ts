import type { ValueRange } from '../../fields/field-type.js';
import { TraceFormatError } from '../../trace-format-error.js';
import type { Json } from './json-sequence.js';

/** An object of JSON, with words for what is missing in it. */
export class JsonObject {
  readonly #members: Readonly<Record<string, Json | undefined>>;
  readonly #line: number;

  /** @param line of metadata, from 1, that its fragment begins at */
  constructor(value: Json | undefined, line: number) {
    this.#line = line;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail('an object');
    this.#members = value as Readonly<Record<string, Json | undefined>>;
  }

  /** Names of its members. */
  names(): string[] {
    return Object.keys(this.#members);
  }

  /** A member that must be an object. */
  object(name: string): JsonObject {
    return new JsonObject(this.#get(name), this.#line);
  }

  /** A member that may be an object. */
  optional(name: string): JsonObject | undefined {
    return this.#get(name) === undefined ? undefined : this.object(name);
  }

  /** A member that is an object, or the name of an alias. */
  aliased(name: string, aliases: ReadonlyMap<string, JsonObject>): JsonObject {
    const value = this.#get(name);
    if (typeof value !== 'string') return this.object(name);
    return aliases.get(value) ?? this.fail(`an alias that is defined, not ${value}`);
  }

  /** A member that is a list of objects; none where it is not there. */
  objects(name: string): JsonObject[] {
    return this.#list(name).map((value) => new JsonObject(value, this.#line));
  }

  /** A member that is text. */
  text(name: string): string {
    return this.optionalText(name) ?? this.fail(`a member ${name}`);
  }

  /** A member that may be text. */
  optionalText(name: string): string | undefined {
    const value = this.#get(name);
    return value === undefined || typeof value === 'string' ? value : this.fail(`text as ${name}`);
  }

  /** A member that is a list of texts; none where it is not there. */
  texts(name: string): string[] {
    return this.#list(name).map((value) =>
      typeof value === 'string' ? value : this.fail(`texts in ${name}`),
    );
  }

  /** A member that is a list of texts and nulls. */
  path(name: string): (string | null)[] {
    return this.#list(name).map((value) =>
      typeof value === 'string' || value === null ? value : this.fail(`names in ${name}`),
    );
  }

  /** A member that is an integer within bounds. */
  integer(name: string, least: number, most: number, otherwise?: number): number {
    const value = this.#get(name) ?? otherwise;
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : this.fail(`an integer from ${least} to ${most} as ${name}`);
  }

  /** A member that is an integer of any size. */
  wide(name: string, otherwise?: bigint): bigint {
    const value = this.#get(name);
    return value === undefined && otherwise !== undefined ? otherwise : this.#wideOf(value, name);
  }

  /** A member that is a list of ranges of integers; none where it is not there. */
  ranges(name: string): ValueRange[] {
    return this.#list(name).map((range) => {
      const [low, high] = Array.isArray(range) ? (range as readonly Json[]) : [];
      return { low: this.#wideOf(low, name), high: this.#wideOf(high, name) };
    });
  }

  /** A member of any kind. */
  any(name: string): Json | undefined {
    return this.#get(name);
  }

  /** Refuses the object. @throws TraceFormatError `ERR_METADATA` */
  fail(expected: string): never {
    throw new TraceFormatError(
      'ERR_METADATA',
      `expected ${expected} in the fragment at line ${this.#line} of metadata`,
      { line: this.#line },
    );
  }

  #get(name: string): Json | undefined {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  #list(name: string): readonly Json[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? (value as readonly Json[]) : this.fail(`a list as ${name}`);
  }

  #wideOf(value: Json | undefined, name: string): bigint {
    if (typeof value === 'bigint') return value;
    return typeof value === 'number' && Number.isInteger(value)
      ? BigInt(value)
      : this.fail(`integers as ${name}`);
  }
}
