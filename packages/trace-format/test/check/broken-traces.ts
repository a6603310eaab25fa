import type { TraceRule } from '../../src/check/trace-rules.js';
import { AT, broken, ticks } from '../tick-trace.js';

/** What the short times of {@link ticks} can tell. */
export const RANGE: bigint = 2n ** 27n;

/** A packet whose first event is 100 cycles, and so many ranges, behind its begin, told in short times. */
export function wrappedBy(ranges: bigint, endSlack = 0n): Uint8Array {
  const packet = ticks({ ticks: [100n], begin: 0n });
  return broken(packet, (view) => {
    view.setBigUint64(AT.timestampEnd, 100n + ranges * RANGE + endSlack, true);
  });
}

/** A packet with nothing wrong. */
export const good: Uint8Array = ticks({ ticks: [10n, 20n, 30n] });
/** One that may follow it. */
export const next: Uint8Array = ticks({ ticks: [40n], sequence: 1n });

/** Packets that break a rule, and packets that look like them and do not. */
export const BROKEN_TRACES: Readonly<
  Record<
    Exclude<TraceRule, 'metadata' | 'index'>,
    { readonly broken: readonly Uint8Array[]; readonly good: readonly Uint8Array[] }
  >
> = {
  magic: {
    broken: [good, new Uint8Array(64)],
    good: [good, next],
  },
  uuid: {
    broken: [
      broken(good, (view) => {
        view.setUint8(AT.uuid, 0xff);
      }),
    ],
    good: [good],
  },
  'stream-id': {
    broken: [
      broken(good, (view) => {
        view.setUint32(AT.streamId, 9, true);
      }),
    ],
    good: [good],
  },
  'packet-size': {
    broken: [
      broken(good, (view) => {
        view.setUint32(AT.contentSize, 2 ** 31, true);
      }),
    ],
    good: [good],
  },
  truncated: { broken: [good, next.subarray(0, next.length - 1)], good: [good, next] },
  'packet-time': {
    broken: [ticks({ ticks: [], begin: 100n, end: 99n })],
    good: [ticks({ ticks: [], begin: 100n, end: 100n })],
  },
  'packet-overlap': {
    broken: [good, ticks({ ticks: [29n], sequence: 1n })],
    good: [good, ticks({ ticks: [30n], sequence: 1n })],
  },
  // One event each: with more, the times go back.
  'duplicate-packet': {
    broken: [ticks({ ticks: [10n] }), ticks({ ticks: [10n] })],
    good: [ticks({ ticks: [10n] }), ticks({ ticks: [10n], sequence: 1n })],
  },
  'sequence-back': {
    broken: [good, next, ticks({ ticks: [50n], sequence: 0n })],
    good: [good, next, ticks({ ticks: [50n], sequence: 2n })],
  },
  'sequence-gap': {
    broken: [good, ticks({ ticks: [40n], sequence: 3n })],
    good: [good, next],
  },
  'sequence-start': { broken: [next], good: [good] },
  'discarded-events': {
    broken: [good, ticks({ ticks: [40n], sequence: 1n, discarded: 5n })],
    good: [good, next],
  },
  'discarded-back': {
    broken: [
      ticks({ ticks: [10n], discarded: 5n }),
      ticks({ ticks: [40n], sequence: 1n, discarded: 4n }),
    ],
    good: [good, ticks({ ticks: [40n], sequence: 1n })],
  },
  'event-id': {
    broken: [
      broken(good, (view) => {
        view.setUint8(AT.eventHeader, 7);
      }),
    ],
    good: [good],
  },
  'variant-tag': {
    broken: [
      broken(good, (view) => {
        view.setUint8(AT.tag, 1);
      }),
    ],
    good: [good],
  },
  'event-past-content': {
    broken: [
      broken(good, (view) => {
        view.setUint32(AT.contentSize, view.getUint32(AT.contentSize, true) - 8, true);
      }),
    ],
    good: [good],
  },
  'event-time-back': {
    // Long headers tell the whole time: the third goes back behind the second.
    broken: [
      broken(ticks({ ticks: [10n, 2n ** 28n + 10n, 2n ** 29n + 10n] }), (view) => {
        view.setBigUint64(AT.thirdLongTime, 2n ** 28n, true);
      }),
    ],
    good: [ticks({ ticks: [10n, 2n ** 28n + 10n, 2n ** 29n + 10n] })],
  },
  'event-outside-packet': {
    broken: [ticks({ ticks: [10n, 20n], end: 19n })],
    good: [ticks({ ticks: [10n, 20n], end: 20n })],
  },
  'time-wrap': {
    broken: [wrappedBy(2n)],
    good: [wrappedBy(0n)],
  },
};
