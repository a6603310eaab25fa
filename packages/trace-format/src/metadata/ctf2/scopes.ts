import type { Scope } from '../../fields/scope.js';

/** Scopes as CTF 2 names them where a length or tag lies. @source CTF2-SPEC-2.0, field location */
export const ORIGINS: Readonly<Record<Scope, string>> = {
  'trace.packet.header': 'packet-header',
  'stream.packet.context': 'packet-context',
  'stream.event.header': 'event-record-header',
  'stream.event.context': 'event-record-common-context',
  'event.context': 'event-record-specific-context',
  'event.fields': 'event-record-payload',
};

/** What CTF 2 says by roles, CTF 1.8 says by names. @source CTF2-SPEC-2.0, roles; CTF 1.8, 5 and 6 */
export const ROLES: Readonly<Partial<Record<Scope, Readonly<Record<string, string>>>>> = {
  'trace.packet.header': {
    magic: 'packet-magic-number',
    uuid: 'metadata-stream-uuid',
    stream_id: 'data-stream-class-id',
    stream_instance_id: 'data-stream-id',
  },
  'stream.packet.context': {
    timestamp_begin: 'default-clock-timestamp',
    timestamp_end: 'packet-end-default-clock-timestamp',
    content_size: 'packet-content-length',
    packet_size: 'packet-total-length',
    packet_seq_num: 'packet-sequence-number',
    events_discarded: 'discarded-event-record-counter-snapshot',
  },
  'stream.event.header': { id: 'event-record-class-id', timestamp: 'default-clock-timestamp' },
};
