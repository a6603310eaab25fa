import { counterOverflow } from './counter-overflow.js';
import { freedWorker } from './freed-worker.js';
import type { KnownBug } from './known-bug.js';
import { lateAnnouncement } from './late-announcement.js';
import { missingFence } from './missing-fence.js';
import { onePeriodAThread } from './one-period-a-thread.js';
import { replaceBesideDel } from './replace-beside-del.js';
import { sharedWord } from './shared-word.js';
import { singleFlip } from './single-flip.js';
import { spuriousWake } from './spurious-wake.js';
import { staleStart } from './stale-start.js';
import { unsynchronisedCookie } from './unsynchronised-cookie.js';
import { zeroingFork } from './zeroing-fork.js';

/** All bugs that have to be found, each in a file of its own. */
export const KNOWN_BUGS: readonly KnownBug[] = [
  singleFlip,
  missingFence,
  lateAnnouncement,
  spuriousWake,
  freedWorker,
  replaceBesideDel,
  counterOverflow,
  unsynchronisedCookie,
  onePeriodAThread,
  sharedWord,
  staleStart,
  zeroingFork,
];
