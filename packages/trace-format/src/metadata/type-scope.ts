import type { FieldType } from '../fields/field-type.js';

/** Names of types, visible in a block and in those inside of it. @source CTF 1.8, 4.1.3 */
export class TypeScope {
  readonly #outer: TypeScope | undefined;
  readonly #types = new Map<string, FieldType>();

  constructor(outer?: TypeScope) {
    this.#outer = outer;
  }

  /** Gives a type a name, such as `uint8_t`, `unsigned long` or `struct packet_context`. */
  define(name: string, type: FieldType): void {
    this.#types.set(name, type);
  }

  /** The type of a name in this block or around it; undefined when there is none. */
  find(name: string): FieldType | undefined {
    return this.#types.get(name) ?? this.#outer?.find(name);
  }
}
