import type { HeaderKind } from '@rseqlab/trace-format';
import type { LossMode } from '../ring/ring-geometry.js';

/** How a channel buffers; everything has a default. */
export interface ChannelOptions {
  /** Bytes of a sub-buffer, a power of two; default 4096. */
  readonly subbufBytes?: number;
  /** Sub-buffers of each CPU, a power of two; default 4. */
  readonly subbufCount?: number;
  /** What is lost while there is no room; default `discard`: what comes. */
  readonly mode?: LossMode;
  /** How headers of events are packed; default `compact`. */
  readonly header?: HeaderKind;
}

/** Defaults of {@link ChannelOptions}. @internal */
export const CHANNEL_DEFAULTS: Required<ChannelOptions> = {
  subbufBytes: 4096,
  subbufCount: 4,
  mode: 'discard',
  header: 'compact',
};
