import { TraceFormatError } from '../trace-format-error.js';
import type { FieldPath, FieldType, StructureType } from './field-type.js';
import type { StructureValue } from './field-value.js';

/** The scopes that absolute paths begin with, in the order in which they are read. @source CTF 1.8, 7.3.2 */
export const SCOPES = [
  'trace.packet.header',
  'stream.packet.context',
  'stream.event.header',
  'stream.event.context',
  'event.context',
  'event.fields',
] as const;

/** One of {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number];

/** Told of integers that are the time of a clock, as their bits are read. */
export interface TimeObserver {
  /** The lowest `bits` of the time, in two words. */
  advance(bits: number, low: number, high: number): void;
}

/** What has been read of the packet and event so far, for lengths and tags that lie there. */
export interface ScopeValues {
  /** By scope; undefined before it is read. */
  roots: Partial<Record<Scope, StructureValue>>;
  /** Structures that are being read, outermost first. */
  readonly open: StructureValue[];
  /** How many elements of arrays and sequences may still come: no more than there are bits. */
  elementsLeft: number;
  /** Whose time integers of a clock are; undefined where they are only numbers. */
  time: TimeObserver | undefined;
}

/** The types that paths are looked up in while a type is compiled. */
export interface StaticScope {
  /** The scope that the type is of. */
  readonly own?: Scope | undefined;
  readonly roots: Partial<Record<Scope, StructureType>>;
  /** Structures around the present field, outermost first, each with the fields before it. */
  readonly open: readonly StructureType[];
}

/** A field that a path leads to, and how to get its value while reading. */
export interface ResolvedPath {
  readonly type: FieldType;
  get(values: ScopeValues): unknown;
}

/**
 * Finds the field that a path names: in the innermost structure that has its first name, or from a
 * scope on.
 *
 * @throws TraceFormatError `ERR_METADATA` when there is none
 */
export function resolvePath(path: FieldPath, scope: StaticScope): ResolvedPath {
  const [first, ...rest] = path;
  if (isScope(first)) {
    if (first === scope.own) {
      const type = scope.open[0] && typeAt(scope.open[0], rest);
      if (type !== undefined) return { type, get: ({ open }) => valueAt(open[0], rest) };
    }
    const root = scope.roots[first];
    const type = root && typeAt(root, rest);
    if (type !== undefined) return { type, get: ({ roots }) => valueAt(roots[first], rest) };
  } else
    for (let level = scope.open.length - 1; level >= 0; level--) {
      const type = typeAt(scope.open[level]!, path);
      if (type !== undefined) return { type, get: ({ open }) => valueAt(open[level], path) };
    }
  throw new TraceFormatError(
    'ERR_METADATA',
    `expected a field that is read before, got the path ${path.join('.')}`,
  );
}

/** Whether a name of a path is a scope. */
export function isScope(name: string | undefined): name is Scope {
  return (SCOPES as readonly (string | undefined)[]).includes(name);
}

function typeAt(root: FieldType, path: FieldPath): FieldType | undefined {
  let type: FieldType | undefined = root;
  for (const name of path) {
    if (type?.kind !== 'structure') return undefined;
    type = type.fields.find((field) => field.name === name)?.type;
  }
  return type;
}

function valueAt(root: unknown, path: FieldPath): unknown {
  let value = root;
  for (const name of path) value = (value as StructureValue | undefined)?.[name];
  return value;
}
