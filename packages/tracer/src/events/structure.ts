import { payloadType, readPayload, writeFields } from './event-definition.js';
import type { EventFields, EventValues } from './event-definition.js';
import { refused } from './field.js';
import type { Field } from './field.js';

/** Fields with names inside of a field. */
export function structure<const Fields extends EventFields>(
  fields: Fields,
): Field<EventValues<Fields>> {
  return {
    type: payloadType(fields),
    write(writer, values) {
      if (typeof values !== 'object' || values === null) throw refused('an object', values);
      writeFields(writer, fields, values, '');
    },
    read: (reader) => readPayload(reader, fields),
  };
}
