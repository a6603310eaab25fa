import type { StructureType } from '../fields/field-type.js';
import type { StructureValue } from '../fields/field-value.js';
import type { PutAscii } from '../fields/put-ascii.js';
import type { HeaderKind } from './packet-layout.js';

/** How events of a kind lie in a packet. */
export interface EventForm {
  readonly id: number;
  readonly kind: HeaderKind;
  /** Whether headers are those of {@link eventHeaderType}, little-endian. */
  readonly isUsual: boolean;
  /** Ids from here on have long headers. */
  readonly extendedId: number;
  /** Cycles since the last event from which on a header is long. */
  readonly timeRange: number;
  /** Its scopes by the names of parameters, in the order in which they are written. */
  readonly scopes: readonly (readonly [
    'streamContext' | 'context' | 'fields',
    StructureType | undefined,
  ])[];
  readonly putAscii: PutAscii;
}

/** Writes an event. @returns whether it fits */
export type WriteEvent = (
  cycles: bigint | number,
  fields: StructureValue,
  context: StructureValue,
  streamContext: StructureValue,
) => boolean;
