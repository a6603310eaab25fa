import type { HeaderKind } from '@rseqlab/trace-format';
import type { LossMode } from '../ring/ring-geometry.js';
import { TracerError } from '../tracer-error.js';
import type { ContextName } from './context.js';

/** How a channel buffers; everything has a default. */
export interface ChannelOptions {
  /** Bytes of a sub-buffer, a power of two; default 4096. */
  readonly subbufBytes?: number;
  /** Sub-buffers of each CPU, a power of two; default 4. */
  readonly subbufCount?: number;
  /** What is lost while there is no room; default `discard`: what comes. */
  readonly mode?: LossMode;
  /** How long `emit` waits for room, in mode discard, before the event is lost; default not at all. */
  readonly blockingTimeoutNs?: number;
  /** What is recorded of the thread behind every event; default nothing. */
  readonly contexts?: readonly ContextName[];
  /** How headers of events are packed; default `compact`. */
  readonly header?: HeaderKind;
  /** How often consumers look for full sub-buffers; default what `spawnConsumers` says. Mode discard. */
  readonly readTimerNs?: number;
  /**
   * How often a packet is made of what there is, so that readers of a trace that grows see events soon. A CPU
   * that recorded nothing gives an empty packet; in mode overwrite it gives none. Default 0: never.
   */
  readonly switchTimerNs?: number;
  /** Most bytes of a file, at least {@link subbufBytes}; default 0: any. */
  readonly traceFileBytes?: number;
  /** Most files of a stream: the newest are kept. Default 0: any number. */
  readonly traceFileCount?: number;
}

/** Options with their defaults. @internal */
export type WholeChannelOptions = Required<Omit<ChannelOptions, 'readTimerNs'>> &
  Pick<ChannelOptions, 'readTimerNs'>;

/** Defaults of {@link ChannelOptions}. @internal */
export const CHANNEL_DEFAULTS: WholeChannelOptions = {
  subbufBytes: 4096,
  subbufCount: 4,
  mode: 'discard',
  blockingTimeoutNs: 0,
  contexts: [],
  header: 'compact',
  switchTimerNs: 0,
  traceFileBytes: 0,
  traceFileCount: 0,
};

/** @throws TracerError `ERR_CHANNEL` for timers and files that cannot be @internal */
export function checkTimersAndFiles(options: WholeChannelOptions): void {
  const { readTimerNs, switchTimerNs, subbufBytes, traceFileBytes, traceFileCount } = options;
  if (readTimerNs !== undefined && !(readTimerNs > 0 && readTimerNs < Infinity))
    throw refused('readTimerNs to be a time', readTimerNs);
  if (!(switchTimerNs >= 0 && switchTimerNs < Infinity))
    throw refused('switchTimerNs to be a time, or 0', switchTimerNs);
  if (!isCount(traceFileBytes) || (traceFileBytes > 0 && traceFileBytes < subbufBytes))
    throw refused(
      `traceFileBytes to be 0 or at least subbufBytes (${subbufBytes})`,
      traceFileBytes,
    );
  if (!isCount(traceFileCount) || (traceFileCount > 0 && traceFileBytes === 0))
    throw refused(
      'traceFileCount to be 0, or a number of files with traceFileBytes',
      traceFileCount,
    );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function refused(expected: string, got: number): TracerError {
  return new TracerError('ERR_CHANNEL', `expected ${expected}, got ${got}`);
}
