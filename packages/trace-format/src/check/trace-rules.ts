/** Whether a trace is wrong, or right but incomplete. */
export type FindingSeverity = 'error' | 'warning';

/**
 * What a trace is checked for. `babeltrace2` says what babeltrace2 2.0 does about it: it fails, it warns and
 * ends with status 0, or it notices nothing.
 */
export const TRACE_RULES = {
  metadata: { severity: 'error', babeltrace2: 'fails', says: 'metadata can be read' },
  magic: { severity: 'error', babeltrace2: 'fails', says: 'packets begin with the magic number' },
  uuid: { severity: 'error', babeltrace2: 'nothing', says: 'packets have the uuid of the trace' },
  'stream-id': {
    severity: 'error',
    babeltrace2: 'fails',
    says: 'packets are of streams of the metadata',
  },
  'packet-size': { severity: 'error', babeltrace2: 'fails', says: 'contents fit in their packets' },
  truncated: { severity: 'error', babeltrace2: 'fails', says: 'files end with a packet' },
  'packet-time': {
    severity: 'error',
    babeltrace2: 'fails',
    says: 'packets do not end before they begin',
  },
  'packet-overlap': {
    severity: 'error',
    babeltrace2: 'fails',
    says: 'packets do not begin before the one before ends',
  },
  'duplicate-packet': { severity: 'error', babeltrace2: 'nothing', says: 'packets are there once' },
  'sequence-back': {
    severity: 'error',
    babeltrace2: 'warns',
    says: 'sequence numbers do not go back',
  },
  'sequence-gap': {
    severity: 'warning',
    babeltrace2: 'warns',
    says: 'no sequence number is missing',
  },
  'sequence-start': {
    severity: 'warning',
    babeltrace2: 'nothing',
    says: 'the first sequence number is 0',
  },
  'discarded-events': {
    severity: 'warning',
    babeltrace2: 'warns',
    says: 'no events were discarded',
  },
  'discarded-back': {
    severity: 'error',
    babeltrace2: 'warns',
    says: 'the count of discarded events does not go back',
  },
  'event-id': { severity: 'error', babeltrace2: 'fails', says: 'events are of the metadata' },
  'variant-tag': {
    severity: 'error',
    babeltrace2: 'fails',
    says: 'tags of variants choose an option',
  },
  'event-past-content': {
    severity: 'error',
    babeltrace2: 'fails',
    says: 'events end before the content of their packet',
  },
  'event-time-back': {
    severity: 'error',
    babeltrace2: 'fails',
    says: 'times of events do not go back',
  },
  'event-outside-packet': {
    severity: 'error',
    babeltrace2: 'fails',
    says: 'times of events are within those of their packet',
  },
  'time-wrap': {
    severity: 'error',
    babeltrace2: 'nothing',
    says: 'short times of events wrap at most once between two events',
  },
  index: {
    severity: 'error',
    babeltrace2: 'nothing',
    says: 'index files tell what the packets tell',
  },
} as const;

/** One of {@link TRACE_RULES}. */
export type TraceRule = keyof typeof TRACE_RULES;

/** Something that is wrong with a trace. */
export interface TraceFinding {
  readonly rule: TraceRule;
  readonly severity: FindingSeverity;
  /** What was expected and what is there. */
  readonly message: string;
  /** File of the data stream, or `metadata`. */
  readonly file: string;
  /** Number of the packet in the file, from 0, and the byte that it begins at. */
  readonly packet?: number;
  readonly packetByte?: number;
  /** Bit of the packet. */
  readonly bit?: number;
}

/** Takes what breaks a rule, at the place where the checker is. */
export type Report = (rule: TraceRule, message: string, bit?: number) => void;
