import { Protection } from './mapping-flags.js';
import type { MemoryObject } from './memory-object.js';

/** What stands behind an area. */
export const AreaKind = {
  /** Zeros, private to the address space. */
  Anonymous: 0,
  /** A memory object. */
  Object: 1,
  /** The machine's text segment; sealed: it cannot be unmapped, replaced or reprotected. */
  Text: 2,
} as const;

/** One of the {@link AreaKind} values. */
export type AreaKind = (typeof AreaKind)[keyof typeof AreaKind];

/** What an area is, apart from where it ends: what two neighbours must share to be one. */
export interface AreaAttributes {
  /** Sum of `Protection` bits. */
  readonly protection: number;
  readonly kind: AreaKind;
  /** Whether stores go to the object, or to a copy of the page. */
  readonly shared: boolean;
  /** Present exactly when `kind` is Object. */
  readonly object: MemoryObject | undefined;
  /** Byte of the object that is at `start`; a multiple of 4096. */
  readonly offset: number;
}

/** A range of an address space that is mapped alike: what Linux calls a vm_area_struct. */
export interface Area extends AreaAttributes {
  /** First address; a multiple of 4096. */
  readonly start: number;
  /** Address behind the last; a multiple of 4096. */
  readonly end: number;
}

/** What the heap is. */
export const HEAP_AREA: AreaAttributes = {
  protection: Protection.Read | Protection.Write,
  kind: AreaKind.Anonymous,
  shared: false,
  object: undefined,
  offset: 0,
};

/** What the text segment is. */
export const TEXT_AREA: AreaAttributes = {
  protection: Protection.Read | Protection.Execute,
  kind: AreaKind.Text,
  shared: true,
  object: undefined,
  offset: 0,
};
