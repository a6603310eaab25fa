import type { Operation, Thread } from '@rseqlab/sim-machine';
import { TracerError } from '../tracer-error.js';
import { refused } from './field.js';
import type { Field } from './field.js';

const MOST_BYTES = 65536;

/**
 * Text that lies in the memory of the program, up to a zero byte; the event is given its address.
 *
 * Each byte is read once: another thread may change the text meanwhile, and what is recorded is a mixture then, but
 * ends in its only zero byte, and nothing behind `maxBytes` is looked at. An address without memory is SIGSEGV
 * for the thread, as in C.
 *
 * @param maxBytes longest text that is recorded, 1 to 65536; default 4096
 * @throws TracerError `ERR_FIELD` for another number
 * @source lttng-ust, lttng/ust-events.h (lttng_ust_field_string), which measures first and copies then, and fills
 *   up what has become shorter
 */
export function textAt(maxBytes = 4096): Field<number> {
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > MOST_BYTES)
    throw new TracerError(
      'ERR_FIELD',
      `expected text of at most 1 to ${MOST_BYTES} bytes, got ${maxBytes}`,
    );
  return {
    type: { kind: 'string', encoding: 'UTF8' },
    *fetch(t: Thread, address: number): Operation<Uint8Array> {
      if (!Number.isInteger(address)) throw refused('an address', address);
      const bytes: number[] = [];
      while (bytes.length < maxBytes) {
        const byte = yield* t.load8(address + bytes.length);
        if (byte === 0) break;
        bytes.push(byte & 0xff);
      }
      return Uint8Array.from(bytes);
    },
    write(writer, value: unknown) {
      if (!(value instanceof Uint8Array)) throw refused('text that was fetched', value);
      writer.text(value);
    },
    read: (reader) => reader.text(),
  };
}
