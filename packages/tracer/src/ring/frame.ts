/**
 * What stands in front of every record in a sub-buffer.
 *
 * | offset | bits     | holds                                                          |
 * |--------|----------|----------------------------------------------------------------|
 * | 0      | 16..31   | id of the event in its channel                                 |
 * |        | 2..15    | size of the record in words, these two included                |
 * |        | 1        | 1 when its producer tries again where there is no room         |
 * |        | 0        | 1 once it is committed; until then what follows is not whole   |
 * | 4      |          | clock when it was reserved, low 32 bits                        |
 *
 * The first word is there as soon as the reservation is: a reader can always step from one record to
 * the next, and knows which ones a producer that died did not finish.
 */
export const FRAME_BYTES = 8;

/** Bit of the first word that says that the record is whole. */
export const FRAME_COMMITTED = 1;

/** Bit of the first word that says that a full ring is no loss yet: the producer waits, or repairs, and tries again. */
export const FRAME_WAITS = 2;

/** Largest record, frame included. */
export const MAX_RECORD_BYTES = 0xfffc;

/** Most kinds of events of a channel. */
export const MAX_EVENTS = 0x10000;

/** First word of a record that is reserved; its size in bytes is a multiple of 4. */
export function frameWord(eventId: number, recordBytes: number): number {
  return (eventId << 16) | recordBytes;
}

/** Bytes of the record with this first word. */
export function frameBytes(word: number): number {
  return word & MAX_RECORD_BYTES;
}

/** Event of the record with this first word. */
export function frameEvent(word: number): number {
  return word >>> 16;
}
