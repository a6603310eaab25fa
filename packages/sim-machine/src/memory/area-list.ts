import { type Area, type AreaAttributes, AreaKind } from './area.js';
import type { MemoryFingerprint } from './fingerprint.js';
import type { MemoryObject } from './memory-object.js';

type MutableArea = { -readonly [Key in keyof Area]: Area[Key] };

/** Counts which areas refer to a memory object. */
export interface ObjectReferences {
  /** One more area refers to the object. */
  retain(object: MemoryObject): void;
  /** One area less refers to the object. */
  release(object: MemoryObject): void;
}

/**
 * The areas of one address space, in ascending order, as large as can be.
 *
 * Invariant: areas do not overlap, and no two neighbours could be one. Positions behind `count`
 * hold spare areas, so that none is allocated twice.
 */
export class AreaList {
  readonly #areas: MutableArea[] = [];
  readonly #objects: ObjectReferences;
  readonly #fingerprint: MemoryFingerprint | undefined;
  readonly #owner: number;
  #count = 0;

  /** @param owner distinguishes the list in the fingerprint */
  constructor(
    objects: ObjectReferences,
    fingerprint: MemoryFingerprint | undefined,
    owner: number,
  ) {
    this.#objects = objects;
    this.#fingerprint = fingerprint;
    this.#owner = owner;
  }

  /** How many areas there are. */
  get count(): number {
    return this.#count;
  }

  /** The area at an index below `count`. */
  at(index: number): Area {
    return this.#areas[index]!;
  }

  /** The area that holds the address. */
  find(address: number): Area | undefined {
    const index = this.indexFrom(address);
    if (index === this.#count) return undefined;
    const area = this.#areas[index]!;
    return area.start <= address ? area : undefined;
  }

  /** The index of the first area that ends above the address; `count` when there is none. */
  indexFrom(address: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#areas[middle]!.end > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Whether any area overlaps the range. */
  overlaps(start: number, end: number): boolean {
    const index = this.indexFrom(start);
    return index < this.#count && this.#areas[index]!.start < end;
  }

  /** Adds an area where there is none, and joins it with its neighbours. */
  insert(start: number, end: number, attributes: AreaAttributes): void {
    this.#insertAt(this.indexFrom(start), start, end, attributes);
  }

  /** Adds an area if there is none in the range; false, with nothing done, where there is. */
  insertWhereFree(start: number, end: number, attributes: AreaAttributes): boolean {
    const index = this.indexFrom(start);
    if (index < this.#count && this.#areas[index]!.start < end) return false;
    this.#insertAt(index, start, end, attributes);
    return true;
  }

  #insertAt(index: number, start: number, end: number, attributes: AreaAttributes): void {
    const area = this.#open(index);
    area.start = start;
    area.end = end;
    assign(area, attributes);
    if (area.object !== undefined) this.#objects.retain(area.object);
    this.#note(area, 1);
    const isTouching =
      (index > 0 && this.#areas[index - 1]!.end === start) ||
      (index + 1 < this.#count && this.#areas[index + 1]!.start === end);
    if (isTouching) this.#join(index - 1, index + 1);
  }

  /** How many areas more there would be after cutting at both ends of a range. */
  cutsNeeded(start: number, end: number): number {
    return this.#cuts(start) + this.#cuts(end);
  }

  /** Takes away whatever lies in a range, cutting areas at its ends. */
  remove(start: number, end: number): void {
    const first = this.#cut(start);
    const last = this.#cut(end);
    for (let index = first; index < last; index++) this.#dispose(this.#areas[index]!);
    this.#close(first, last - first);
  }

  /** Gives all areas in a range a protection, cutting areas at its ends. */
  protect(start: number, end: number, protection: number): void {
    const first = this.#cut(start);
    const last = this.#cut(end);
    for (let index = first; index < last; index++) {
      const area = this.#areas[index]!;
      this.#note(area, -1);
      area.protection = protection;
      this.#note(area, 1);
    }
    this.#join(first - 1, last);
  }

  /** Takes away all areas. */
  clear(): void {
    for (let index = 0; index < this.#count; index++) this.#dispose(this.#areas[index]!);
    this.#count = 0;
  }

  /** Takes away all areas without telling anybody: objects and fingerprint are reset as well. */
  forget(): void {
    this.#count = 0;
  }

  /** Makes this list equal to another. */
  copyFrom(other: AreaList): void {
    this.clear();
    for (let index = 0; index < other.count; index++) {
      const area = other.at(index);
      this.insert(area.start, area.end, area);
    }
  }

  #cuts(address: number): number {
    const area = this.find(address);
    return area !== undefined && area.start < address ? 1 : 0;
  }

  /** Makes an area begin at the address if one spans it; the index of the first area from there. */
  #cut(address: number): number {
    const index = this.indexFrom(address);
    if (index === this.#count) return index;
    const lower = this.#areas[index]!;
    if (lower.start >= address) return index;
    const upper = this.#open(index + 1);
    this.#note(lower, -1);
    assign(upper, lower);
    upper.start = address;
    upper.end = lower.end;
    if (upper.kind === AreaKind.Object) upper.offset = lower.offset + (address - lower.start);
    if (upper.object !== undefined) this.#objects.retain(upper.object);
    lower.end = address;
    this.#note(lower, 1);
    this.#note(upper, 1);
    return index + 1;
  }

  /** Joins neighbours that could be one, from the area at `first` to the one at `last`. */
  #join(first: number, last: number): void {
    for (let index = Math.min(last, this.#count - 1); index > Math.max(first, 0); index--) {
      const lower = this.#areas[index - 1]!;
      const upper = this.#areas[index]!;
      if (!continues(lower, upper)) continue;
      this.#note(lower, -1);
      this.#dispose(upper);
      lower.end = upper.end;
      this.#note(lower, 1);
      this.#close(index, 1);
    }
  }

  /** A spare area, moved to `index`. */
  #open(index: number): MutableArea {
    const areas = this.#areas;
    const spare = areas[this.#count] ?? blankArea();
    for (let position = this.#count; position > index; position--)
      areas[position] = areas[position - 1]!;
    areas[index] = spare;
    this.#count++;
    return spare;
  }

  /** Moves `length` areas from `index` on behind the others. */
  #close(index: number, length: number): void {
    if (length === 0) return;
    const areas = this.#areas;
    for (let position = index; position + length < this.#count; position++) {
      const spare = areas[position]!;
      areas[position] = areas[position + length]!;
      areas[position + length] = spare;
    }
    this.#count -= length;
  }

  #dispose(area: MutableArea): void {
    this.#note(area, -1);
    if (area.object === undefined) return;
    this.#objects.release(area.object);
    area.object = undefined;
  }

  #note(area: Area, sign: 1 | -1): void {
    const fingerprint = this.#fingerprint;
    if (fingerprint === undefined) return;
    const key = Math.imul(this.#owner, 31) + (area.object?.id ?? -1);
    const traits = area.protection | (area.shared ? 8 : 0) | (area.kind << 4) | area.offset;
    const value = Math.imul(area.end, 0x9e3779b1) ^ traits;
    if (sign > 0) fingerprint.add(key, area.start | 1, value);
    else fingerprint.remove(key, area.start | 1, value);
  }
}

function blankArea(): MutableArea {
  return {
    start: 0,
    end: 0,
    protection: 0,
    kind: AreaKind.Anonymous,
    shared: false,
    object: undefined,
    offset: 0,
  };
}

function assign(area: MutableArea, attributes: AreaAttributes): void {
  area.protection = attributes.protection;
  area.kind = attributes.kind;
  area.shared = attributes.shared;
  area.object = attributes.object;
  area.offset = attributes.offset;
}

function continues(lower: Area, upper: Area): boolean {
  return (
    lower.end === upper.start &&
    lower.protection === upper.protection &&
    lower.kind === upper.kind &&
    lower.shared === upper.shared &&
    lower.object === upper.object &&
    (lower.kind !== AreaKind.Object || lower.offset + (lower.end - lower.start) === upper.offset)
  );
}
