import { isByteStructure } from '../fields/byte-layout.js';
import { WriterText } from '../fields/writer-text.js';
import type { EventForm, WriteEvent } from './event-form.js';
import type { OpenPacket } from './open-packet.js';
import { COMPACT_ID_BITS } from './short-header-writer.js';
import { highWord, lowWord } from './time-words.js';

/** Larger packets have bits that are counted beyond 31 bits. */
const MOST_BYTES = 2 ** 28 - 1;

/**
 * Makes a writer of whole events, header and scopes in one function with one check of the bounds, for events of
 * short headers and fields that begin and end at bytes.
 *
 * What is not as it usually is (a long time since the last event, text that is not ASCII, a value that is wrong, no room)
 * it leaves to `slow`, nothing having been written.
 *
 * @returns undefined where events are of other forms, or the host forbids code from strings
 */
export function generatedEventWriter(
  packet: OpenPacket,
  form: EventForm,
  slow: WriteEvent,
): WriteEvent | undefined {
  const { id, kind, isUsual, extendedId, timeRange, scopes, putAscii } = form;
  if (!isUsual || id >= extendedId || packet.bytes.length > MOST_BYTES) return undefined;
  const leave = 'return slow(cycles, fields, context, streamContext);';
  const text = new WriterText(leave);
  if (kind === 'compact') text.put('setInt32', `(low << ${COMPACT_ID_BITS}) | ${id}`, 4, true);
  else {
    text.put('setInt16', String(id), 2, true);
    text.put('setInt32', 'low', 4, true);
  }
  for (const [name, type] of scopes) {
    if (type === undefined) continue;
    if (!isByteStructure(type)) return undefined;
    text.scope(type, name);
  }
  return text.evaluate('cycles, fields, context, streamContext', {
    before: `
      const low = lowWord(cycles);
      const gap = low - packet.low;
      if (!(gap >= 0 && gap < ${timeRange} && highWord(cycles) === packet.high)) { ${leave} }
      const w = packet.writer;`,
    after: 'packet.low = low; return true;',
    constants: { slow, putAscii, packet, lowWord, highWord },
  }) as WriteEvent | undefined;
}
