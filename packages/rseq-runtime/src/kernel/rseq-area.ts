import type { UserMemoryPort } from '@rseqlab/sim-machine';
import { modeOf } from './profiles/rseq-rules.js';
import type { RseqRules } from './profiles/rseq-rules.js';
import {
  RSEQ_CPU_ID_UNINITIALIZED,
  RSEQ_FLAG_SLICE_EXT_DEFAULT_ON,
  RseqCsFlag,
  RseqOffset,
} from './rseq-abi.js';

/**
 * Stores in an area what a registration begins with; false where it cannot be written.
 *
 * @param flags those of sys_rseq
 */
export function prepareArea(
  user: UserMemoryPort,
  rules: RseqRules,
  area: number,
  length: number,
  flags: number,
): boolean {
  if (rules.prepares === 'nothing') return true;
  const put = putter(user, area);
  if (rules.prepares === 'rseqCs' && !isArmed(user, area)) return !user.failed;
  if (!put(RseqOffset.rseqCs, 0) || !put(RseqOffset.rseqCsHigh, 0)) return false;
  if (rules.prepares === 'rseqCs' || rules.sections === 'masked') return true;
  if (rules.extended.sliceExtension) {
    const { sliceExtension } = modeOf(rules, length);
    const isEnabled = (flags & RSEQ_FLAG_SLICE_EXT_DEFAULT_ON) !== 0;
    const enabled = isEnabled ? RseqCsFlag.SliceExtEnabled : 0;
    const shown = sliceExtension ? RseqCsFlag.SliceExtAvailable | enabled : 0;
    if (!put(RseqOffset.flags, shown)) return false;
    if (sliceExtension && !put(RseqOffset.sliceCtrl, 0)) return false;
  }
  return putIds(put, RSEQ_CPU_ID_UNINITIALIZED) && putNodeAndCid(put);
}

/** Stores in an area what unregistering leaves there; false where it cannot be written. */
export function resetArea(user: UserMemoryPort, rules: RseqRules, area: number): boolean {
  const put = putter(user, area);
  return putIds(put, 0) && (!rules.nodeAndCid || putNodeAndCid(put));
}

/** Whether rseq_cs is not 0; false as well where it cannot be read. */
function isArmed(user: UserMemoryPort, area: number): boolean {
  const low = user.get32(area + RseqOffset.rseqCs);
  if (user.failed) return false;
  const high = user.get32(area + RseqOffset.rseqCsHigh);
  return !user.failed && (low !== 0 || high !== 0);
}

type Put = (offset: number, value: number) => boolean;

function putter(user: UserMemoryPort, area: number): Put {
  return (offset, value) => {
    user.put32(area + offset, value);
    return !user.failed;
  };
}

function putIds(put: Put, cpuIdStart: number): boolean {
  return put(RseqOffset.cpuIdStart, cpuIdStart) && put(RseqOffset.cpuId, RSEQ_CPU_ID_UNINITIALIZED);
}

function putNodeAndCid(put: Put): boolean {
  return put(RseqOffset.nodeId, 0) && put(RseqOffset.mmCid, 0);
}
