import { integerType } from '../metadata/integer-types.js';
import type { StructureType } from '../fields/field-type.js';

/** How the headers of events look: short ids and times, or whole ones in fewer cases. */
export type HeaderKind = 'compact' | 'large';

const u8 = integerType(8);
const u32 = integerType(32);
const u64 = integerType(64);

/** Header of packets: magic, uuid, and which stream they are of. @source CTF 1.8, 5.1 */
export const PACKET_HEADER: StructureType = {
  kind: 'structure',
  minAlignBits: 8,
  fields: [
    { name: 'magic', type: u32 },
    { name: 'uuid', type: { kind: 'array', length: 16, element: u8 } },
    { name: 'stream_id', type: u32 },
    { name: 'stream_instance_id', type: u64 },
  ],
};

/** Context of packets whose times are those of a clock. @source CTF 1.8, 5.2 */
export function packetContextType(clock: string): StructureType {
  const time = integerType(64, { clock });
  return {
    kind: 'structure',
    minAlignBits: 8,
    fields: [
      { name: 'timestamp_begin', type: time },
      { name: 'timestamp_end', type: time },
      { name: 'content_size', type: u64 },
      { name: 'packet_size', type: u64 },
      { name: 'packet_seq_num', type: u64 },
      { name: 'events_discarded', type: u64 },
      { name: 'cpu_id', type: u32 },
    ],
  };
}

/** Sizes of what a short header holds; the largest id says that a long one follows. */
const SHORT = {
  compact: { idBits: 5, timeBits: 27, alignBits: 8 },
  large: { idBits: 16, timeBits: 32, alignBits: 8 },
} as const;

/** What short headers can hold. */
export function shortHeader(kind: HeaderKind): {
  readonly extendedId: number;
  readonly timeBits: 27 | 32;
} {
  const { idBits, timeBits } = SHORT[kind];
  return { extendedId: 2 ** idBits - 1, timeBits };
}

/** Header of events: an id and the lowest bits of the time, or both whole behind it. @source CTF 1.8, 6.1.1 */
export function eventHeaderType(kind: HeaderKind, clock: string): StructureType {
  const { idBits, timeBits, alignBits } = SHORT[kind];
  const last = BigInt(2 ** idBits - 1);
  const isBitField = idBits < 8;
  const short = integerType(timeBits, { clock, ...(isBitField ? { alignBits: 1 } : {}) });
  return {
    kind: 'structure',
    minAlignBits: alignBits,
    fields: [
      {
        name: 'id',
        type: {
          kind: 'enumeration',
          container: integerType(idBits),
          mappings: [
            { label: 'compact', low: 0n, high: last - 1n },
            { label: 'extended', low: last, high: last },
          ],
        },
      },
      {
        name: 'v',
        type: {
          kind: 'variant',
          tag: ['id'],
          options: [
            {
              name: 'compact',
              type: {
                kind: 'structure',
                minAlignBits: 1,
                fields: [{ name: 'timestamp', type: short }],
              },
            },
            {
              name: 'extended',
              type: {
                kind: 'structure',
                minAlignBits: 8,
                fields: [
                  { name: 'id', type: u32 },
                  { name: 'timestamp', type: integerType(64, { clock }) },
                ],
              },
            },
          ],
        },
      },
    ],
  };
}
